import { useMemo } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { language } from '../../app/preferences.ts';
import { Card } from '../../design/parts.tsx';
import { useLive } from '../../live/live.ts';
import { catalogueColumns } from '../../table/catalogue-columns.ts';
import { DataTable } from '../../table/data-table.tsx';
import { words } from '../../words/words.ts';

type Day = FeatureData['financial']['revenueByDay'][number];

/** The days behind the chart, newest first. */
export function RevenueTable({ rows }: { rows: readonly Day[] }) {
  const live = useLive();
  const about = live.about.value;
  const columns = useMemo(() => catalogueColumns<Day>(live, 'financial', 'revenueByDay'), [about, language.value]);
  return (
    <Card title={words.value.views.financial.days} class="span-all">
      <DataTable
        title={words.value.views.financial.days}
        rows={rows}
        columns={columns}
        rowKey={(row) => row.Date}
        initialSorting={{ id: 'Date', descending: true }}
        fileName="financial-revenue-by-day"
      />
    </Card>
  );
}
