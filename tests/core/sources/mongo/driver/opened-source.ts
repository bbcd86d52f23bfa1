import { firstValueFrom, ReplaySubject, skip, timeout } from 'rxjs';
import type { ChangeDetection } from '../../../../../src/core/sources/changes/change-detection.ts';
import type { ResumeTokens } from '../../../../../src/core/sources/changes/resume-tokens.ts';
import type { SourceChange } from '../../../../../src/core/sources/changes/source-change.ts';
import type { DocumentSource } from '../../../../../src/core/sources/mongo/source.ts';
import { support } from '../../../../../src/features/support/index.ts';
import { noTables } from '../../../../oracle/agreement.ts';
import { storedDocumentSource } from '../../../../support/document-source.ts';
import type { Collections } from '../../../../support/mongo-servers.ts';
import { mongoSourceAt } from '../../../../support/mongo-source.ts';

/** The instant as of which the figures are read. */
export const NOW = Date.UTC(2026, 2, 31, 12);
/** More than the half second that the driver leaves between two looks at a server. */
const CONNECT_WITHIN_MS = 1_000;
/** A change is told at most a second after another, and an election takes its time. */
const PATIENCE_MS = 25_000;

export const ticket = (number: number) => ({
  userId: `u${number}`,
  context: 'Pagamento',
  explanation: 'Paguei e não recebi',
  status: 'Open',
  createdAt: new Date(NOW - number * 3_600_000),
});

export const collections = () => ({
  support_tickets: [ticket(1), ticket(2)],
  logs: [{ timestamp: new Date(NOW - 1_000), level: 'Error', source: 'Payments', message: 'Timeout' }],
});

export interface SourcePlace {
  readonly database?: string | null;
  /** Resume tokens, which outlive the source. */
  readonly kept?: Map<string, string>;
}

/** A source whose changes can be followed. */
export interface OpenedSource {
  readonly source: DocumentSource;
  /** How changes are noticed, each time that it was found out. */
  readonly detections: readonly ChangeDetection[];
  /** Begins to listen; resolves once it is found out how changes are noticed. */
  follow(): Promise<FollowedChanges>;
}

export interface FollowedChanges {
  /** The next that was not taken yet. */
  next(): Promise<SourceChange['names']>;
  /** The next that may be about this collection. */
  about(name: string): Promise<SourceChange['names']>;
  /** Waits until everything is taken to have changed. */
  everything(): Promise<void>;
  stop(): void;
}

export function openSource(
  connectionString: string,
  { database = null, kept = new Map() }: SourcePlace = {},
): OpenedSource {
  const detections: ChangeDetection[] = [];
  const { promise: detected, resolve } = Promise.withResolvers<void>();
  const onDetection = (detection: ChangeDetection) => {
    detections.push(detection);
    resolve();
  };
  const source = mongoSourceAt(
    connectionString,
    { database, connectTimeoutMs: CONNECT_WITHIN_MS, changeIntervalMs: 1_000 },
    { resumeTokens: tokensIn(kept), random: () => 0, onDetection },
  );
  return {
    source,
    detections,
    async follow() {
      const seen = new ReplaySubject<SourceChange['names']>();
      const subscription = source.changes.subscribe(({ names }) => seen.next(names));
      await detected;
      let taken = 0;
      const next = () => firstValueFrom(seen.pipe(skip(taken++), timeout(PATIENCE_MS)));
      const until = async (fits: (names: SourceChange['names']) => boolean) => {
        let names = await next();
        while (!fits(names)) names = await next();
        return names;
      };
      return {
        next,
        about: (name) => until((names) => names === 'all' || names.has(name)),
        everything: async () => void (await until((names) => names === 'all')),
        stop: () => subscription.unsubscribe(),
      };
    },
  };
}

function tokensIn(kept: Map<string, string>): ResumeTokens {
  return {
    restored: (source) => kept.get(source),
    save(source, token) {
      if (token === null) kept.delete(source);
      else kept.set(source, token);
    },
  };
}

export async function figuresOf(documents: DocumentSource) {
  return (await support.load({ sql: noTables, documents }, NOW, AbortSignal.timeout(5_000))).data;
}

/** What a person would see of these documents. */
export async function figuresOfDocuments(held: Collections) {
  return figuresOf(await storedDocumentSource(held));
}
