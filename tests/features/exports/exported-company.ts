import { Value } from '@sinclair/typebox/value';
import { About } from '../../../src/core/http/about-schema.ts';
import { companySources, startCompanyServer } from '../../support/company-server.ts';
import type { TestServer } from '../../support/test-server.ts';

type ListOfFeature = (typeof About)['static']['features'][number]['lists'][number];
export type ColumnOfList = ListOfFeature['columns'][number];
export type ExportedRow = Readonly<Record<string, unknown>>;

/** A list of a snapshot as the REST interface has it: what an exported file is compared with. */
export interface ServedList extends ListOfFeature {
  readonly feature: string;
  readonly rows: readonly ExportedRow[];
}

export interface ExportedCompany {
  readonly server: TestServer;
  readonly lists: readonly ServedList[];
  /** Downloads a file. @throws Error if that is refused */
  download(feature: string, query: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }>;
}

/** A server over the small company, and what it serves. */
export async function exportedCompany(): Promise<ExportedCompany> {
  const server = await startCompanyServer(await companySources());
  const about: unknown = await (await fetch(`${server.url}/api/about`)).json();
  if (!Value.Check(About, about)) throw new Error('The answer of /api/about has another shape');
  const lists = await Promise.all(
    about.features.map(async ({ name, lists: own }) => {
      const snapshot: unknown = await (await fetch(`${server.url}/api/${name}`)).json();
      return own.map((list): ServedList => ({ ...list, feature: name, rows: rowsAt(snapshot, `data.${list.path}`) }));
    }),
  );
  return {
    server,
    lists: lists.flat(),
    async download(feature, query) {
      const response = await fetch(`${server.url}/api/${feature}/export?${query}`);
      if (!response.ok) throw new Error(await response.text());
      const [, name = ''] = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
      return { name, bytes: await response.bytes() };
    },
  };
}

function rowsAt(value: unknown, path: string): ExportedRow[] {
  const found = path
    .split('.')
    .reduce<unknown>((inner, name) => (isObject(inner) ? Reflect.get(inner, name) : undefined), value);
  if (!Array.isArray(found) || !found.every(isObject)) throw new Error(`There is no list at ${path}`);
  return found.map((row) => Object.fromEntries(Object.entries(row)));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whole cents of an amount, by its decimal digits: a double could hide one. */
export function centsOf(amount: unknown): bigint | null {
  if (amount === null || amount === undefined) return null;
  const [, sign = '', whole = '0', decimals = ''] = /^(-?)(\d+)(?:[.,](\d{1,2}))?$/.exec(String(amount)) ?? [];
  return BigInt(`${sign}${whole}${decimals.padEnd(2, '0')}`);
}
