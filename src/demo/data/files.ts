import { isoInstant } from '../../core/figures/calendar.ts';
import { LESSON_TOPICS } from './catalogue.ts';
import { coursesWithVideos, courseTitle } from './courses.ts';
import { plainText } from './names.ts';
import { type Oddity, placeOddities } from './oddities.ts';
import { type Random, randomStream, weighted } from './random.ts';
import type { Rhythm } from './rhythm.ts';
import { type CompanySpec, sizeOf } from './spec.ts';
import type { RowSink, StoredRow } from './stored-row.ts';

type StoredFile = StoredRow<'Files'>;

/** Data of the files that videos refer to, oldest first. */
export interface VideoFiles {
  readonly ids: Int32Array;
  readonly created: Float64Array;
  readonly bytes: Float64Array;
}

interface Kind {
  readonly category: string;
  readonly contentType: string;
  name(course: string, ordinal: number, random: Random): string;
  bytes(random: Random): number;
}

const KIB = 1024;
const MIB = 1024 * 1024;

const VIDEO: Kind = {
  category: 'Videos',
  contentType: 'video/mp4',
  name: (course, ordinal, random) => `${course}-${plainText(random.pick(LESSON_TOPICS))}-${ordinal}.mp4`,
  bytes: (random) => random.between(40 * MIB, 900 * MIB),
};

/** Everything but videos. Certificates come from one template, so many have the same size. */
const chooseKind = weighted<Kind>([
  [
    {
      category: 'Materiais',
      contentType: 'application/pdf',
      name: (course, ordinal) => `apostila-${course}-${ordinal}.pdf`,
      bytes: (random) => random.between(200 * KIB, 18 * MIB),
    },
    38,
  ],
  [
    {
      category: 'Certificados',
      contentType: 'application/pdf',
      name: (_course, ordinal) => `certificado-${ordinal}.pdf`,
      bytes: (random) => 180 * KIB + random.below(4) * KIB,
    },
    30,
  ],
  [
    {
      category: 'Capas',
      contentType: 'image/jpeg',
      name: (course, ordinal) => `capa-${course}-${ordinal}.jpg`,
      bytes: (random) => random.between(80 * KIB, 900 * KIB),
    },
    8,
  ],
  [
    {
      category: 'Avatares',
      contentType: 'image/png',
      name: (_course, ordinal) => `avatar-${ordinal}.png`,
      bytes: (random) => random.between(8 * KIB, 300 * KIB),
    },
    14,
  ],
  [
    {
      category: 'Suporte',
      contentType: 'image/png',
      name: (_course, ordinal) => `anexo-chamado-${ordinal}.png`,
      bytes: (random) => random.between(30 * KIB, 4 * MIB),
    },
    10,
  ],
]);
const CHANGED_SHARE = 0.25;

export function generateFiles(spec: CompanySpec, rhythm: Rhythm, sink: RowSink<'Files'>): VideoFiles {
  const random = randomStream(spec.seed, 'Files');
  const count = sizeOf('files', spec);
  const videos = sizeOf('videos', spec);
  const courses = Array.from({ length: coursesWithVideos(spec) }, (_, index) => plainText(courseTitle(index)));
  const videoFiles = {
    ids: new Int32Array(videos),
    created: new Float64Array(videos),
    bytes: new Float64Array(videos),
  };
  const makeOdd = placeOddities(count, ODDITIES);
  let video = 0;
  rhythm.instants(random, count).forEach((created, index) => {
    const isVideo = video < videos && Math.floor(((video + 0.5) / videos) * count) === index;
    const file = fileRow(random, isVideo ? VIDEO : chooseKind(random), courses, index + 1);
    file.CriadoEm = isoInstant(created);
    if (random.chance(CHANGED_SHARE)) file.ModificadoEm = isoInstant(between(random, created, spec.anchor));
    makeOdd(file, index);
    if (isVideo) {
      videoFiles.ids[video] = file.Id;
      videoFiles.created[video] = created;
      videoFiles.bytes[video] = file.TamanhoBytes;
      video++;
    }
    sink(file);
  });
  return videoFiles;
}

function fileRow(random: Random, kind: Kind, courses: readonly string[], id: number): StoredFile {
  return {
    Id: id,
    NomeArquivo: kind.name(random.pick(courses), id, random),
    ContentType: kind.contentType,
    FeatureCategoria: kind.category,
    TamanhoBytes: kind.bytes(random),
    CriadoEm: null,
    ModificadoEm: null,
  };
}

function between(random: Random, from: number, to: number): number {
  return from + Math.floor(random.fraction() * (to - from));
}

const ODDITIES: readonly Oddity<StoredFile>[] = [
  (file) => {
    file.FeatureCategoria = '';
  },
  (file) => {
    file.FeatureCategoria = '   ';
  },
  (file) => {
    file.FeatureCategoria = ` ${file.FeatureCategoria} `;
  },
  (file) => {
    file.CriadoEm = null;
    file.ModificadoEm = null;
  },
  // Recordings of whole days, at the maximum size that the platform allows.
  (file) => {
    file.TamanhoBytes = 3_221_225_472;
  },
  (file) => {
    file.NomeArquivo = 'sem-nome.bin';
    file.TamanhoBytes = 0;
  },
];
