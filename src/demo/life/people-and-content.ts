import { LESSON_TOPICS } from '../data/catalogue.ts';
import { uuidAt } from '../data/identifiers.ts';
import { personName, plainText } from '../data/names.ts';
import { durationText } from '../data/videos.ts';
import type { TableChange } from './change.ts';
import { insertInto, someRow, sqlText, updateRow } from './statements.ts';

const MIB = 1024 * 1024;
const CONFIRMED_SHARE = 0.6;
const FAILED_SHARE = 0.04;

export const peopleAndContentChanges: readonly TableChange[] = [
  {
    kind: 'tables',
    name: 'a new user',
    weight: 10,
    needs: { AspNetUsers: ['Id', 'Name', 'Email', 'EmailConfirmed'] },
    statements({ now, at, random, columns }) {
      const { name, email } = personName(random, now);
      const confirmed = random.chance(CONFIRMED_SHARE) ? 1 : 0;
      const user = { Id: uuidAt(now, random), Name: name, Email: email, EmailConfirmed: confirmed, CreatedAt: at };
      return [insertInto(columns, 'AspNetUsers', user)];
    },
  },
  {
    kind: 'tables',
    name: 'a user confirms the e-mail address',
    weight: 3,
    needs: { AspNetUsers: ['EmailConfirmed'] },
    statements: ({ random, columns }) => [
      updateRow(
        columns,
        'AspNetUsers',
        { EmailConfirmed: 1 },
        someRow('AspNetUsers', random, sqlText`EmailConfirmed = 0`),
      ),
    ],
  },
  {
    kind: 'tables',
    name: 'a video is uploaded',
    weight: 1,
    needs: {
      Files: ['Id', 'NomeArquivo', 'ContentType', 'FeatureCategoria', 'TamanhoBytes'],
      Videos: ['Id', 'Title', 'UploadDate', 'Duration', 'Status', 'CourseId', 'FileId'],
      Courses: ['Id'],
    },
    statements({ now, at, random, columns }) {
      const topic = random.pick(LESSON_TOPICS);
      const file = {
        Id: sqlText`(select coalesce(max(Id), 0) + 1 from main.Files)`,
        NomeArquivo: `aula-${plainText(topic)}-${now}.mp4`,
        ContentType: 'video/mp4',
        FeatureCategoria: 'Videos',
        TamanhoBytes: random.between(40 * MIB, 900 * MIB),
        CriadoEm: at,
      };
      const video = {
        Id: sqlText`(select coalesce(max(Id), 0) + 1 from main.Videos)`,
        Title: `Aula – ${topic}`,
        UploadDate: at,
        Duration: durationText(random.between(3 * 60_000, 40 * 60_000)),
        Status: 0,
        CourseId: sqlText`course.Id`,
        FileId: sqlText`(select max(Id) from main.Files)`,
      };
      const course = sqlText`main.Courses as course where course.rowid = ${someRow('Courses', random, sqlText`true`)}`;
      return [insertInto(columns, 'Files', file), insertInto(columns, 'Videos', video, course)];
    },
  },
  {
    kind: 'tables',
    name: 'a video has been processed',
    weight: 1.5,
    needs: { Videos: ['Status'] },
    statements({ random, columns }) {
      const processed = { Status: random.chance(FAILED_SHARE) ? 2 : 1 };
      return [updateRow(columns, 'Videos', processed, someRow('Videos', random, sqlText`Status = 0`))];
    },
  },
];
