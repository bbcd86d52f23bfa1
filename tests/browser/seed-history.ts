import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { HISTORY_FILE } from '../../src/core/history/history.ts';
import { features } from '../../src/features/index.ts';
import { fillHistory } from '../support/fill-history.ts';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

const Status = Type.Object({ feeds: Type.Array(Type.Object({ source: Type.String(), description: Type.String() })) });
const Whole = Type.Object({ data: Type.Unknown() });

/** A figure and the value that the server has of it now. */
export interface SeededFigure {
  readonly feature: string;
  readonly path: string;
  readonly current: number;
}

export interface SeedOptions {
  /** The server's folders. */
  readonly stateDirectory: string;
  readonly url: string;
  /** A point each hour since so many hours ago. */
  readonly hours: number;
  /** The value so many hours ago; null for a figure without one then, and undefined for an hour without a point. */
  readonly valueAgo: (figure: SeededFigure, hoursAgo: number) => number | null | undefined;
}

/**
 * Writes points of the past into the history of a running server, as if it had recorded them.
 *
 * @returns the minute of the newest one, since 1970
 */
export async function seedHistory({ stateDirectory, url, hours, valueAgo }: SeedOptions): Promise<number> {
  const { feeds } = await read(`${url}/ws/status`, Status);
  const figures = await currentFigures(url);
  const newest = Math.floor(Date.now() / MINUTE_MS) - 1;
  const minutes = Array.from({ length: hours }, (_, ago) => newest - ago * HOUR_MINUTES);
  fillHistory(join(stateDirectory, HISTORY_FILE), minutes, (minute) =>
    features.flatMap((feature) => {
      const hoursAgo = (newest - minute) / HOUR_MINUTES;
      const own = figures.filter((figure) => figure.feature === feature.name);
      const values = own.map((figure) => valueAgo(figure, hoursAgo));
      if (values.includes(undefined)) return [];
      const source = feeds.find((feed) => feed.source === feature.source)?.description ?? '';
      return [
        {
          ...{ feature: feature.name, source, figures: own.map(({ path }) => path) },
          values: values.map((value) => value ?? null),
        },
      ];
    }),
  );
  return newest;
}

/** Every figure of all features that has a value. */
async function currentFigures(url: string): Promise<SeededFigure[]> {
  const all = await Promise.all(
    features.map(async ({ name, catalogue }) => {
      const { data } = await read(`${url}/api/${name}`, Whole);
      return catalogue.figures.map(({ path }) => ({ feature: name, path, current: numberAt(data, path) }));
    }),
  );
  return all.flat();
}

function numberAt(data: unknown, path: string): number {
  const value = path.split('.').reduce<unknown>((inner, name) => Reflect.get(Object(inner), name), data);
  return typeof value === 'number' ? value : 0;
}

async function read<Schema extends typeof Status | typeof Whole>(url: string, schema: Schema): Promise<Static<Schema>> {
  const body: unknown = await (await fetch(url)).json();
  Value.Assert(schema, body);
  return body;
}
