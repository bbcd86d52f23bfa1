import { useMemo } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { language } from '../../app/preferences.ts';
import { Badge, Card, type Tone } from '../../design/parts.tsx';
import { useLive } from '../../live/live.ts';
import { listTitle } from '../../live/titles.ts';
import { catalogueColumns } from '../../table/catalogue-columns.ts';
import { DataTable } from '../../table/data-table.tsx';
import { maskedEmail, maskedName } from '../../table/mask.ts';
import { MaskButton } from '../../table/mask-button.tsx';
import { codeText } from '../../words/code-text.ts';
import { words } from '../../words/words.ts';

type Subscription = FeatureData['subscriptions']['list'][number];

/** In the order in which they were made, as the server gives them. */
export function NewestSubscriptions({ rows }: { rows: readonly Subscription[] }) {
  const live = useLive();
  const title = listTitle(live, 'subscriptions', 'list');
  const about = live.about.value;
  const columns = useMemo(() => subscriptionColumns(live), [about, language.value]);
  return (
    <Card title={title} class="span-all">
      <DataTable title={title} rows={rows} columns={columns} rowKey={({ Id }) => Id} fileName="subscriptions-newest">
        <MaskButton />
      </DataTable>
    </Card>
  );
}

const FIRST = [
  'UserName',
  'PlanName',
  'Status',
  'CurrentAmount',
  'CurrentPeriodEndDate',
  'UserEmail',
  'Id',
  'UserId',
] as const;

const TONES: Readonly<Record<string, Tone>> = {
  authorized: 'good',
  pending: 'care',
  paused: 'care',
  refund_pending: 'care',
};

function subscriptionColumns(live: ReturnType<typeof useLive>) {
  const { subscriptionStatus } = words.value.codes;
  const statusText = ({ Status }: Subscription) => codeText(subscriptionStatus, Status);
  return catalogueColumns<Subscription>(
    live,
    'subscriptions',
    'list',
    {
      Status: {
        text: statusText,
        cell: (row) => <Badge tone={TONES[row.Status] ?? 'plain'}>{statusText(row)}</Badge>,
      },
      Id: { width: 'narrow' },
      UserId: { width: 'narrow' },
      UserName: { mask: maskedName },
      UserEmail: { mask: maskedEmail },
    },
    FIRST,
  );
}
