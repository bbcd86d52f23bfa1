import { useMemo, useState } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { language } from '../../app/preferences.ts';
import { Icon } from '../../design/icon.tsx';
import { Badge, Button, Card } from '../../design/parts.tsx';
import { format } from '../../format/formatting.ts';
import { useLive } from '../../live/live.ts';
import { listTitle } from '../../live/titles.ts';
import { catalogueColumns } from '../../table/catalogue-columns.ts';
import { DataTable } from '../../table/data-table.tsx';
import { maskedEmail, maskedName } from '../../table/mask.ts';
import { MaskButton } from '../../table/mask-button.tsx';
import { codeText } from '../../words/code-text.ts';
import { words } from '../../words/words.ts';

type Claim = FeatureData['claims']['active'][number];

/** Undecided claims, the longest open first, so that critical ones lead. */
export function ActiveClaims({ rows }: { rows: readonly Claim[] }) {
  const live = useLive();
  const [onlyCritical, setOnlyCritical] = useState(false);
  const { noneCritical } = words.value.views.claims;
  const active = listTitle(live, 'claims', 'active');
  const { onlyCritical: onlyCriticalLabel } = words.value.table;
  const about = live.about.value;
  const columns = useMemo(() => claimColumns(live), [about, language.value]);
  const shown = useMemo(() => (onlyCritical ? rows.filter((row) => row.is_critical) : rows), [rows, onlyCritical]);
  return (
    <Card title={active} note={format.value.exact(rows.length, 'count')} class="span-all">
      <DataTable
        title={active}
        rows={shown}
        columns={columns}
        rowKey={({ id }) => id}
        initialSorting={{ id: 'days_open', descending: true }}
        fileName="claims-active"
        {...(onlyCritical ? { empty: noneCritical } : {})}
      >
        <Button label={onlyCriticalLabel} pressed={onlyCritical} onPress={() => setOnlyCritical(!onlyCritical)} />
        <MaskButton />
      </DataTable>
    </Card>
  );
}

/** Columns that matter most come first. */
const FIRST = [
  'is_critical',
  'days_open',
  'user_name',
  'amount_at_risk',
  'claim_type',
  'internal_status',
  'panel_url',
] as const;

function claimColumns(live: ReturnType<typeof useLive>) {
  const { codes, table } = words.value;
  return catalogueColumns<Claim>(
    live,
    'claims',
    'active',
    {
      is_critical: {
        cell: ({ is_critical }) => (is_critical ? <Badge tone="bad">{table.critical}</Badge> : ''),
      },
      claim_type: { text: ({ claim_type }) => codeText(codes.claimType, claim_type) },
      internal_status: { text: ({ internal_status }) => codeText(codes.claimStatus, internal_status) },
      current_stage: {
        text: ({ current_stage }) => (current_stage === null ? '–' : codeText(codes.claimStage, current_stage)),
      },
      user_name: { mask: maskedName },
      user_email: { mask: maskedEmail },
      panel_url: {
        cell: ({ panel_url, id }) => (
          <a
            class="panel-link"
            href={panel_url}
            target="_blank"
            rel="noreferrer"
            aria-label={`${table.open}: ${table.panel}, ${id}`}
            title={table.panel}
          >
            {table.open}
            <Icon name="external" />
          </a>
        ),
      },
    },
    FIRST,
  );
}
