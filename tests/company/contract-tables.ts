/** The tables of section 2 of the contract, parsed from its text. */

export interface ContractColumn {
  readonly name: string;
  /** Without blanks; null where the contract leaves it open. */
  readonly type: string | null;
  readonly nullable: boolean;
  readonly optional: boolean;
  readonly unique: boolean;
  readonly isKey: boolean;
}

const text = await Bun.file(new URL('../../docs/contract.md', import.meta.url)).text();
const section = text.slice(text.indexOf('## 2. '), text.indexOf('## 3. '));

/** Columns by table of SQL Server. */
export const contractTables: Readonly<Record<string, readonly ContractColumn[]>> = Object.fromEntries(
  [...section.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, table = '', columns = '']) => [table, columnsOf(columns)]),
);

/** Fields by collection of MongoDB. */
export const contractCollections: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [...section.matchAll(/^- `(\w+)`: `\{ (.+) \}`/gm)].map(([, name = '', fields = '']) => [
    name,
    fields.split(', ').map((field) => field.split(':', 1)[0] ?? ''),
  ]),
);

/** The codes of a column as the contract lists them: `approved (aprovado)` or `0 Novo`, in its order. */
export function contractCodes(column: string): string[] {
  const listed = new RegExp(`\`${column.replace('.', '\\.')}\`[^:.\`]*: ([^.]+)\\.`).exec(section)?.[1];
  if (listed === undefined) throw new Error(`The contract lists no codes of ${column}`);
  return listed.split(', ');
}

/** Of what stands in a row: code for each column, remarks between and after them. */
function columnsOf(row: string): ContractColumn[] {
  const parts = [...row.matchAll(/`(\w+)( [^`?]+)?(\?)?`([^`]*(?:\([^)]*\))?[^`]*)/g)];
  const named = withoutRemarks(row);
  const firstOptional = named.indexOf('; optional:');
  return parts.flatMap(([whole, name = '', type, question, remark = '']) => {
    const at = named.indexOf(whole.slice(0, whole.indexOf('`', 1) + 1));
    if (at < 0) return [];
    return {
      name,
      type: type?.replaceAll(' ', '') ?? null,
      nullable: question !== undefined,
      optional: (firstOptional >= 0 && at > firstOptional) || remark.includes('optional: without'),
      unique: remark.startsWith(' unique'),
      isKey: remark.startsWith(' PK'),
    };
  });
}

function withoutRemarks(row: string): string {
  return row.replaceAll(/ \((?:[^()`]|`[^`]*`)*\)/g, '');
}
