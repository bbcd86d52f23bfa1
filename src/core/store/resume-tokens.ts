import type { ResumeTokens } from '../sources/changes/resume-tokens.ts';
import type { SqliteWorker } from '../sources/sql/sqlite/worker-client.ts';
import { isRow, statement } from './statement.ts';

/** @param onError told when a token could not be kept */
export async function openResumeTokens(worker: SqliteWorker, onError: (error: unknown) => void): Promise<ResumeTokens> {
  const rows = await worker.query(statement('select source, token from ResumeTokens', []));
  const tokens = new Map(rows.filter(isRow).map(({ source, token }) => [String(source), String(token)]));
  return {
    restored: (source) => tokens.get(source),
    save(source, token) {
      if (token === null) tokens.delete(source);
      else tokens.set(source, token);
      const kept =
        token === null
          ? statement('delete from ResumeTokens where source = ?', [source])
          : statement('insert into ResumeTokens values (?, ?) on conflict (source) do update set token = ?2', [
              source,
              token,
            ]);
      worker.write([kept]).catch(onError);
    },
  };
}

/** For a server that has no folder to write to. */
export const noResumeTokens: ResumeTokens = { restored: () => undefined, save: () => {} };
