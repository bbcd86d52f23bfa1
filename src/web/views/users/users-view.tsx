import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Tone } from '../../charts/palette.ts';
import { TwoPartChart } from '../../charts/two-part-chart.tsx';
import { Card } from '../../design/parts.tsx';
import { CatalogueFigure } from '../../live/catalogue-figure.tsx';
import { useLive } from '../../live/live.ts';
import { figureTitle } from '../../live/titles.ts';
import { words } from '../../words/words.ts';
import { ViewPage } from '../view-page.tsx';
import { FigureList } from '../view-parts.tsx';
import { NewestUsers } from './newest-users.tsx';

export function UsersView() {
  const data = useLive().snapshots.users.value?.data;
  const say = words.value.views.users;
  return (
    <ViewPage feature="users">
      {data !== undefined && (
        <div class="view-grid">
          <PartOfUsers
            title={say.confirmation}
            part={say.confirmed}
            rest={say.unconfirmed}
            count={data.summary.ConfirmedEmails}
            all={data.summary.TotalUsers}
            tone={3}
          >
            <CatalogueFigure feature="users" path="summary.ConfirmationRate" />
          </PartOfUsers>
          <PartOfUsers
            title={say.paying}
            part={say.paid}
            rest={say.neverPaid}
            count={data.summary.PayingUsers}
            all={data.summary.TotalUsers}
            tone={1}
          >
            <CatalogueFigure feature="users" path="summary.PayingUsers" />
          </PartOfUsers>
          <PartOfUsers
            title={say.subscribing}
            part={say.subscribed}
            rest={say.unsubscribed}
            count={data.summary.ActiveSubscribers}
            all={data.summary.TotalUsers}
            tone={1}
          >
            <CatalogueFigure feature="users" path="summary.ActiveSubscribers" />
          </PartOfUsers>
          <FigureList feature="users" title={words.value.moreFigures} paths={FIGURES} class="span-all" />
          <NewestUsers rows={data.list} />
        </div>
      )}
    </ViewPage>
  );
}

const FIGURES = [
  'summary.TotalUsers',
  'summary.NewUsersLast30Days',
  'summary.ConfirmedEmails',
  'summary.ConfirmationRate',
  'summary.PayingUsers',
  'summary.ActiveSubscribers',
] as const;

interface PartOfUsersProps {
  readonly title: string;
  readonly part: string;
  readonly rest: string;
  readonly count: number;
  readonly all: number;
  readonly tone: Tone;
  /** The figure in the middle. */
  readonly children: ComponentChildren;
}

/** How many of all users. */
function PartOfUsers({ title, part, rest, count, all, tone, children }: PartOfUsersProps) {
  const parts = useMemo(
    () => [
      { title: part, value: count, tone },
      { title: rest, value: all - count, tone: 'rest' as const },
    ],
    [part, rest, count, all, tone],
  );
  return (
    <Card title={title}>
      <TwoPartChart title={title} measure={figureTitle(useLive(), 'users', 'summary.TotalUsers')} parts={parts}>
        {children}
      </TwoPartChart>
    </Card>
  );
}
