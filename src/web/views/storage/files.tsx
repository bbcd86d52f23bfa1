import { useMemo, useState } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { language } from '../../app/preferences.ts';
import { sum } from '../../charts/series.ts';
import { Card, Skeleton } from '../../design/parts.tsx';
import { format } from '../../format/formatting.ts';
import { useAsked } from '../../live/asked.ts';
import { useLive } from '../../live/live.ts';
import { columnTitle, listTitle } from '../../live/titles.ts';
import { catalogueColumns } from '../../table/catalogue-columns.ts';
import { DataTable } from '../../table/data-table.tsx';
import { codeText } from '../../words/code-text.ts';
import { words } from '../../words/words.ts';
import { AskedState } from './asked-state.tsx';

type StorageData = FeatureData['storage'];
type File = StorageData['largestFiles'][number];

interface FilesProps {
  readonly largest: readonly File[];
  readonly categories: StorageData['stats']['CategoryBreakdown'];
  readonly seq: number;
}

const MOST_OF_CATEGORY = 500;
const ALL = '';

/** The largest files of all, or of a category that is asked for. */
export function Files({ largest, categories, seq }: FilesProps) {
  const live = useLive();
  const [category, setCategory] = useState(ALL);
  const path =
    category === ALL
      ? undefined
      : (`/api/storage/by-category/${encodeURIComponent(category)}?limit=${MOST_OF_CATEGORY}` as const);
  const asked = useAsked(path, seq);
  const rows = category === ALL ? largest : asked.answer?.Files;
  const title = listTitle(live, 'storage', 'largestFiles');
  const about = live.about.value;
  const columns = useMemo(() => fileColumns(live), [about, language.value]);
  const all = categories
    .filter(({ FeatureCategoria }) => category === ALL || FeatureCategoria === category)
    .map(({ TotalFiles }) => TotalFiles);
  return (
    <Card
      title={title}
      class="span-all"
      {...(rows === undefined ? {} : { note: noteOf(rows.length, sum(all)) })}
      actions={<CategoryChoice categories={categories} value={category} onChoice={setCategory} />}
    >
      {path !== undefined && <AskedState asked={asked} />}
      {rows === undefined ? (
        asked.state === 'asking' && <Skeleton shape="table" />
      ) : (
        <div class={asked.state === 'asking' ? 'asking' : ''}>
          <DataTable
            title={title}
            rows={rows}
            columns={columns}
            rowKey={({ Id }) => Id}
            initialSorting={{ id: 'TamanhoBytes', descending: true }}
            fileName="storage-largest-files"
          />
        </div>
      )}
    </Card>
  );
}

function noteOf(shown: number, all: number): string {
  const count = (value: number) => format.value.exact(value, 'count');
  return words.value.views.storage.largestOf(count(shown), count(all));
}

interface CategoryChoiceProps {
  readonly categories: FilesProps['categories'];
  readonly value: string;
  readonly onChoice: (category: string) => void;
}

function CategoryChoice({ categories, value, onChoice }: CategoryChoiceProps) {
  const { allCategories } = words.value.views.storage;
  const { fileCategory } = words.value.codes;
  return (
    <select
      class="choice"
      aria-label={columnTitle(useLive(), 'storage', 'largestFiles', 'FeatureCategoria')}
      value={value}
      onChange={(event) => onChoice(event.currentTarget.value)}
    >
      <option value={ALL}>{allCategories}</option>
      {categories.map(({ FeatureCategoria }) => (
        <option key={FeatureCategoria} value={FeatureCategoria}>
          {codeText(fileCategory, FeatureCategoria)}
        </option>
      ))}
    </select>
  );
}

const FIRST = ['FileName', 'FeatureCategoria', 'TamanhoBytes', 'CriadoEm', 'ModificadoEm', 'Id'] as const;

function fileColumns(live: ReturnType<typeof useLive>) {
  const { fileCategory } = words.value.codes;
  const { size } = words.value.views.storage;
  return catalogueColumns<File>(
    live,
    'storage',
    'largestFiles',
    {
      FeatureCategoria: { text: ({ FeatureCategoria }) => codeText(fileCategory, FeatureCategoria) },
      FileName: { width: 'wide' },
      // The same in another unit.
      SizeMB: 'hidden',
      TamanhoBytes: { title: size },
    },
    FIRST,
  );
}
