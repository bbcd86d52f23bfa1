import { useMemo } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { language } from '../../app/preferences.ts';
import { Badge, Card } from '../../design/parts.tsx';
import { useLive } from '../../live/live.ts';
import { listTitle } from '../../live/titles.ts';
import { catalogueColumns } from '../../table/catalogue-columns.ts';
import { DataTable } from '../../table/data-table.tsx';
import { maskedEmail, maskedName } from '../../table/mask.ts';
import { MaskButton } from '../../table/mask-button.tsx';
import { words } from '../../words/words.ts';

type User = FeatureData['users']['list'][number];

/** In the order in which they registered, as the server gives them. */
export function NewestUsers({ rows }: { rows: readonly User[] }) {
  const live = useLive();
  const title = listTitle(live, 'users', 'list');
  const about = live.about.value;
  const columns = useMemo(() => userColumns(live), [about, language.value]);
  return (
    <Card title={title} class="span-all">
      <DataTable title={title} rows={rows} columns={columns} rowKey={({ Id }) => Id} fileName="users-newest">
        <MaskButton />
      </DataTable>
    </Card>
  );
}

const FIRST = ['Name', 'Email', 'EmailConfirmed', 'CreatedAt', 'Id'] as const;

function userColumns(live: ReturnType<typeof useLive>) {
  const { confirmedUser, unconfirmedUser } = words.value.views.users;
  const confirmedText = ({ EmailConfirmed }: User) => (EmailConfirmed ? confirmedUser : unconfirmedUser);
  return catalogueColumns<User>(
    live,
    'users',
    'list',
    {
      Id: { width: 'narrow' },
      Name: { mask: maskedName },
      Email: { mask: maskedEmail },
      EmailConfirmed: {
        text: confirmedText,
        cell: (row) => <Badge tone={row.EmailConfirmed ? 'good' : 'care'}>{confirmedText(row)}</Badge>,
      },
    },
    FIRST,
  );
}
