import { useMemo, useState } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { language } from '../../app/preferences.ts';
import { Badge, Button, Card } from '../../design/parts.tsx';
import { format } from '../../format/formatting.ts';
import { useLive } from '../../live/live.ts';
import { listTitle } from '../../live/titles.ts';
import { catalogueColumns } from '../../table/catalogue-columns.ts';
import { DataTable } from '../../table/data-table.tsx';
import { words } from '../../words/words.ts';

type Course = FeatureData['content']['list'][number];

/** All courses, by name. */
export function Courses({ rows }: { rows: readonly Course[] }) {
  const live = useLive();
  const [onlyActive, setOnlyActive] = useState(false);
  const { onlyActive: onlyActiveLabel, noneActive } = words.value.views.content;
  const title = listTitle(live, 'content', 'list');
  const about = live.about.value;
  const columns = useMemo(() => courseColumns(live), [about, language.value]);
  const shown = useMemo(() => (onlyActive ? rows.filter(({ IsActive }) => IsActive) : rows), [rows, onlyActive]);
  return (
    <Card title={title} note={format.value.exact(rows.length, 'count')} class="span-all">
      <DataTable
        title={title}
        rows={shown}
        columns={columns}
        rowKey={({ Id }) => Id}
        initialSorting={{ id: 'Name', descending: false }}
        fileName="content-courses"
        {...(onlyActive ? { empty: noneActive } : {})}
      >
        <Button label={onlyActiveLabel} pressed={onlyActive} onPress={() => setOnlyActive(!onlyActive)} />
      </DataTable>
    </Card>
  );
}

const FIRST = ['Name', 'IsActive', 'TotalVideos', 'Id'] as const;

function courseColumns(live: ReturnType<typeof useLive>) {
  const { activeCourse, inactiveCourse } = words.value.views.content;
  const activeText = ({ IsActive }: Course) => (IsActive ? activeCourse : inactiveCourse);
  return catalogueColumns<Course>(
    live,
    'content',
    'list',
    {
      IsActive: {
        text: activeText,
        cell: (row) => <Badge tone={row.IsActive ? 'good' : 'plain'}>{activeText(row)}</Badge>,
      },
    },
    FIRST,
  );
}
