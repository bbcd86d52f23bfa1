import { useMemo } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { ShareChart } from '../../charts/share-chart.tsx';
import { Card } from '../../design/parts.tsx';
import { useLive } from '../../live/live.ts';
import { columnTitle, listTitle } from '../../live/titles.ts';
import { catalogueColumns } from '../../table/catalogue-columns.ts';
import { PlainTable } from '../../table/plain-table.tsx';
import { codeText } from '../../words/code-text.ts';
import { words } from '../../words/words.ts';
import { ViewPage } from '../view-page.tsx';
import { FigureList } from '../view-parts.tsx';
import { Files } from './files.tsx';
import { Growth } from './growth.tsx';

type StorageStats = FeatureData['storage']['stats'];
type Category = StorageStats['CategoryBreakdown'][number];

export function StorageView() {
  const snapshot = useLive().snapshots.storage.value;
  return (
    <ViewPage feature="storage">
      {snapshot !== undefined && (
        <div class="view-grid">
          <SizeByCategory rows={snapshot.data.stats.CategoryBreakdown} />
          <Categories rows={snapshot.data.stats.CategoryBreakdown} />
          <Growth recent={snapshot.data.growth} seq={snapshot.seq} />
          <Files
            largest={snapshot.data.largestFiles}
            categories={snapshot.data.stats.CategoryBreakdown}
            seq={snapshot.seq}
          />
          <AllFigures stats={snapshot.data.stats} />
        </div>
      )}
    </ViewPage>
  );
}

/** The size once, though the snapshot has it in three units: it is written in the one that is read best. */
const FIGURES = [
  'stats.TotalFiles',
  'stats.TotalGB',
  'growth.Summary.TotalGBAdded',
  'growth.Summary.TotalFilesAdded',
  'growth.Summary.AvgGBPerDay',
] as const;

function AllFigures({ stats }: { stats: StorageStats }) {
  const { largestCategory, smallestCategory } = words.value.views.storage;
  const { fileCategory } = words.value.codes;
  const pairs = [
    [largestCategory, stats.LargestCategory],
    [smallestCategory, stats.SmallestCategory],
  ] as const;
  return (
    <FigureList feature="storage" title={words.value.moreFigures} paths={FIGURES} class="span-all">
      {pairs.map(([title, category]) => (
        <div key={title} class="pair">
          <dt>{title}</dt>
          <dd class="pair-text" title={category ?? words.value.noFigure}>
            {category === null ? '–' : codeText(fileCategory, category)}
          </dd>
        </div>
      ))}
    </FigureList>
  );
}

function SizeByCategory({ rows }: { rows: readonly Category[] }) {
  const title = words.value.views.storage.sizeByCategory;
  const measure = columnTitle(useLive(), 'storage', 'stats.CategoryBreakdown', 'TotalBytes');
  const { fileCategory } = words.value.codes;
  const shares = useMemo(
    () => rows.map((row) => ({ title: codeText(fileCategory, row.FeatureCategoria), value: row.TotalBytes })),
    [rows, fileCategory],
  );
  return (
    <Card title={title}>
      <ShareChart title={title} measure={measure} unit="bytes" shares={shares} />
    </Card>
  );
}

function Categories({ rows }: { rows: readonly Category[] }) {
  const live = useLive();
  const title = listTitle(live, 'storage', 'stats.CategoryBreakdown');
  const { fileCategory } = words.value.codes;
  const columns = catalogueColumns<Category>(live, 'storage', 'stats.CategoryBreakdown', {
    FeatureCategoria: { text: ({ FeatureCategoria }) => codeText(fileCategory, FeatureCategoria) },
    // The same in another unit.
    TotalGB: 'hidden',
    TotalBytes: { title: words.value.views.storage.size },
  });
  return (
    <Card title={title} class="span-2">
      <PlainTable title={title} rows={rows} columns={columns} rowKey={({ FeatureCategoria }) => FeatureCategoria} />
    </Card>
  );
}
