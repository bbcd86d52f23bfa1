import { DAY_MS } from '../../core/figures/calendar.ts';
import { COURSE_TITLES } from './catalogue.ts';
import { uuidAt } from './identifiers.ts';
import { randomStream } from './random.ts';
import { COMPANY_DAYS } from './rhythm.ts';
import { type CompanySpec, sizeOf } from './spec.ts';
import type { RowSink } from './stored-row.ts';

const ACTIVE_SHARE = 0.85;

/** The last course is announced and has no videos yet. */
export function coursesWithVideos(spec: CompanySpec): number {
  return sizeOf('courses', spec) - 1;
}

export function generateCourses(spec: CompanySpec, sink: RowSink<'Courses'>): void {
  const random = randomStream(spec.seed, 'Courses');
  const count = sizeOf('courses', spec);
  for (let index = 0; index < count; index++) {
    const name = courseTitle(index);
    const announced = index === count - 1;
    sink({
      Id: index + 1,
      PublicId: uuidAt(spec.anchor - Math.floor((1 - index / count) * COMPANY_DAYS) * DAY_MS, random),
      // The announced course is a new edition of the first one and has the same name.
      Name: announced ? courseTitle(0) : name,
      Description: `Curso de ${name}: aulas em vídeo, exercícios e certificado.`,
      IsActive: !announced && random.chance(ACTIVE_SHARE) ? 1 : 0,
    });
  }
}

/** Every title once, then again as further modules. */
export function courseTitle(index: number): string {
  const title = COURSE_TITLES[index % COURSE_TITLES.length] ?? '';
  const round = Math.floor(index / COURSE_TITLES.length);
  return round === 0 ? title : `${title} – Módulo ${round + 1}`;
}
