import { type Static, Type } from '@sinclair/typebox';
import { catalogueOf } from '../../../src/core/figures/catalogue.ts';
import { sheetsOf } from '../../../src/core/figures/sheet.ts';
import type { Feature } from '../../../src/core/runtime/define-feature.ts';
import { Count, InstantText, List, Nullable, Text } from '../../../src/core/runtime/schema.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { snapshotOf } from '../../support/snapshot-of.ts';

const Item = Type.Object({
  Name: Text('Name', { en: 'Name', pt: 'Nome' }, 'a'),
  Amount: Count('Amount', { en: 'Amount', pt: 'Quantia' }),
  At: Nullable(InstantText('Instant', { en: 'At', pt: 'Em' })),
});
export type Item = Static<typeof Item>;

const Data = Type.Object({
  summary: Type.Object({ Total: Count('Items', { en: 'Items', pt: 'Itens' }) }),
  items: List(Item, 'Items', { en: 'Items', pt: 'Itens' }),
});
const catalogue = catalogueOf('items', Data);

/** A feature with one headline, and one list whose rows the test chooses. Its sheets are Dashboard and Items. */
export const listed: Feature = {
  ...{ name: 'items', title: { en: 'Items', pt: 'Itens' }, description: 'Items', source: 'sql', schema: Data },
  ...{ reads: {}, objects: [], parts: [], questions: [], hub: { events: [] }, catalogue },
  headlines: ['summary.Total'],
  sheets: sheetsOf<Static<typeof Data>>('items', catalogue, [{ name: 'Items', list: 'items' }]),
  figures: () => {
    throw new Error('The figures come from the test');
  },
};

export function itemsSnapshot(items: readonly Item[], seq = 1): Snapshot {
  return snapshotOf({ summary: { Total: items.length }, items }, seq, 'items');
}

export function item(Name: string, Amount = 1, At: string | null = null): Item {
  return { Name, Amount, At };
}

/** Cells of the sheet Items for these rows, as the spreadsheet shows them. */
export function shownItems(items: readonly Item[]): string[][] {
  const rows = items.map(({ Name, Amount }) => [Name, String(Amount)]);
  return [['Nome', 'Quantia', 'Em'], ...rows];
}
