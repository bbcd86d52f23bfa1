import type { Reading } from './databases.ts';
import { READERS } from './readers.ts';

const { text, wholeNumber } = READERS;

/** Every variable that says which services of others are used beside the databases. */
export const SERVICE_VARIABLES = {
  ConnectionStrings__Redis: text({
    help: "The back end's Redis, as StackExchange.Redis or a redis:// address has it",
    fallback: null,
    alsoNamed: ['REDIS_URL'],
    secret: true,
    isPlanned: true,
  }),
  REDIS_HOST: text({ help: 'The same in parts: host', fallback: null, isPlanned: true }),
  REDIS_PORT: wholeNumber({ help: 'Its port', fallback: 6379, minimum: 1, maximum: 65_535, isPlanned: true }),
  REDIS_PASSWORD: text({ help: 'Its password', fallback: null, secret: true, isPlanned: true }),
  ROWS_API_KEY: text({
    help: 'Key to Rows.com; without it nothing is pushed',
    fallback: null,
    secret: true,
    isPlanned: true,
  }),
  ROWS_SPREADSHEET_ID: text({ help: 'Spreadsheet to write to', fallback: null, isPlanned: true }),
  ROWS_API_URL: text({ help: 'Address of the API of Rows.com', fallback: 'https://api.rows.com/v1', isPlanned: true }),
  NOTION_API_KEY: text({
    help: "Notion's integration token; without it nothing is pushed",
    fallback: null,
    alsoNamed: ['NOTION_TOKEN'],
    secret: true,
    isPlanned: true,
  }),
  NOTION_API_URL: text({
    help: 'Address of the API of Notion',
    fallback: 'https://api.notion.com/v1',
    isPlanned: true,
  }),
};

export interface ServicesConfig {
  /** `redis://…`; null: none. */
  readonly redisUrl: string | null;
  readonly rows: { readonly key: string; readonly spreadsheet: string | null; readonly url: string } | null;
  readonly notion: { readonly token: string; readonly url: string } | null;
}

const V = SERVICE_VARIABLES;

export function readServices({ get }: Pick<Reading, 'get'>): ServicesConfig {
  const address = get('ConnectionStrings__Redis', V.ConnectionStrings__Redis);
  const host = get('REDIS_HOST', V.REDIS_HOST);
  const port = get('REDIS_PORT', V.REDIS_PORT);
  const password = get('REDIS_PASSWORD', V.REDIS_PASSWORD);
  const key = get('ROWS_API_KEY', V.ROWS_API_KEY);
  const spreadsheet = get('ROWS_SPREADSHEET_ID', V.ROWS_SPREADSHEET_ID);
  const rowsUrl = get('ROWS_API_URL', V.ROWS_API_URL);
  const token = get('NOTION_API_KEY', V.NOTION_API_KEY);
  const notionUrl = get('NOTION_API_URL', V.NOTION_API_URL);
  const inParts = host === null ? null : redisUrl(host, port, password, false);
  return {
    redisUrl: address === null ? inParts : readRedisAddress(address),
    rows: key === null ? null : { key, spreadsheet, url: rowsUrl },
    notion: token === null ? null : { token, url: notionUrl },
  };
}

/** `redis://…` as it is, and `host:port,password=…,ssl=true` (StackExchange.Redis, "Configuration"). */
function readRedisAddress(address: string): string {
  if (/^rediss?:\/\//.test(address)) return address;
  const [endpoint = '', ...options] = address.split(',').map((part) => part.trim());
  const [host = '', port = '6379'] = endpoint.split(':');
  const option = (name: string) =>
    options.find((part) => part.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  return redisUrl(host, Number(port), option('password'), option('ssl')?.toLowerCase() === 'true');
}

function redisUrl(host: string, port: number, password: string | null, isEncrypted: boolean): string {
  const login = password === null ? '' : `:${encodeURIComponent(password)}@`;
  return `${isEncrypted ? 'rediss' : 'redis'}://${login}${host}:${port}`;
}
