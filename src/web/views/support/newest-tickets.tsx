import { useMemo, useState } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { language } from '../../app/preferences.ts';
import { Badge, Button, Card, type Tone } from '../../design/parts.tsx';
import { useLive } from '../../live/live.ts';
import { listTitle } from '../../live/titles.ts';
import { catalogueColumns } from '../../table/catalogue-columns.ts';
import { DataTable } from '../../table/data-table.tsx';
import { codeText } from '../../words/code-text.ts';
import { words } from '../../words/words.ts';

type Ticket = FeatureData['support']['list'][number];

/** In the order in which they were opened, as the server gives them. */
export function NewestTickets({ rows }: { rows: readonly Ticket[] }) {
  const live = useLive();
  const [onlyOpen, setOnlyOpen] = useState(false);
  const { onlyOpen: onlyOpenLabel, noneOpen } = words.value.views.support;
  const title = listTitle(live, 'support', 'list');
  const about = live.about.value;
  const columns = useMemo(() => ticketColumns(live), [about, language.value]);
  const shown = useMemo(() => (onlyOpen ? rows.filter(({ Status }) => Status !== 'Closed') : rows), [rows, onlyOpen]);
  return (
    <Card title={title} class="span-all">
      <DataTable
        title={title}
        rows={shown}
        columns={columns}
        rowKey={({ Id }) => Id}
        fileName="support-tickets-newest"
        {...(onlyOpen ? { empty: noneOpen } : {})}
      >
        <Button label={onlyOpenLabel} pressed={onlyOpen} onPress={() => setOnlyOpen(!onlyOpen)} />
      </DataTable>
    </Card>
  );
}

const FIRST = ['CreatedAt', 'Status', 'Context', 'Explanation', 'Id', 'UserId'] as const;

const TONES: Readonly<Record<string, Tone>> = { Open: 'care', Closed: 'good' };

function ticketColumns(live: ReturnType<typeof useLive>) {
  const { ticketStatus } = words.value.codes;
  const { noContext } = words.value.views.support;
  const statusText = ({ Status }: Ticket) => codeText(ticketStatus, Status);
  return catalogueColumns<Ticket>(
    live,
    'support',
    'list',
    {
      Id: { width: 'narrow' },
      UserId: { width: 'narrow' },
      Context: { text: ({ Context }) => Context || noContext },
      Explanation: { width: 'wide' },
      Status: {
        text: statusText,
        cell: (row) => <Badge tone={TONES[row.Status] ?? 'plain'}>{statusText(row)}</Badge>,
      },
    },
    FIRST,
  );
}
