import { DAY_MS, isoInstant } from '../../core/figures/calendar.ts';
import { LESSON_TOPICS } from './catalogue.ts';
import { coursesWithVideos } from './courses.ts';
import type { VideoFiles } from './files.ts';
import { type Oddity, placeOddities } from './oddities.ts';
import { randomStream, weightedByAge } from './random.ts';
import type { CompanySpec } from './spec.ts';
import type { RowSink, StoredRow } from './stored-row.ts';

type Video = StoredRow<'Videos'>;

/** A deleted course that videos still refer to. */
const GONE_COURSE_ID = 9_999;
const GONE_FILE_ID = 99_999_999;

const PROCESSING = 0;
const AVAILABLE = 1;
const FAILED = 2;

/** Mix of statuses by age in days. */
const chooseStatus = weightedByAge([
  [
    0.25,
    [
      [PROCESSING, 70],
      [AVAILABLE, 27],
      [FAILED, 3],
    ],
  ],
  [
    3,
    [
      [PROCESSING, 15],
      [AVAILABLE, 80],
      [FAILED, 5],
    ],
  ],
  [
    Number.POSITIVE_INFINITY,
    [
      [AVAILABLE, 98],
      [FAILED, 2],
    ],
  ],
]);
/** The size of a lesson recorded at about 3.5 Mbit/s. */
const BYTES_PER_SECOND = 437_500;
const UPLOAD_SECONDS = 90;

export function generateVideos(spec: CompanySpec, files: VideoFiles, sink: RowSink<'Videos'>): void {
  const random = randomStream(spec.seed, 'Videos');
  const courses = coursesWithVideos(spec);
  const makeOdd = placeOddities(files.ids.length, ODDITIES);
  files.ids.forEach((fileId, index) => {
    const uploaded = Math.min(spec.anchor - 1, (files.created[index] ?? 0) + random.below(UPLOAD_SECONDS * 1000));
    const seconds = (files.bytes[index] ?? 0) / BYTES_PER_SECOND;
    const video: Video = {
      Id: index + 1,
      Title: `Aula ${String(index + 1).padStart(2, '0')} – ${random.pick(LESSON_TOPICS)}`,
      UploadDate: isoInstant(uploaded),
      Duration: durationText(Math.floor(seconds * 1000)),
      Status: chooseStatus(random, (spec.anchor - uploaded) / DAY_MS),
      CourseId: 1 + random.below(courses),
      FileId: fileId,
    };
    makeOdd(video, index);
    sink(video);
  });
}

/** `HH:MM:SS.sss`, for lengths below a day. */
export function durationText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 23);
}

const ODDITIES: readonly Oddity<Video>[] = [
  (video) => {
    video.CourseId = GONE_COURSE_ID;
  },
  (video) => {
    video.FileId = GONE_FILE_ID;
  },
  (video) => {
    video.Status = PROCESSING;
  },
  (video) => {
    video.Status = FAILED;
    video.Duration = durationText(0);
  },
  (video) => {
    video.Status = 7;
  },
];
