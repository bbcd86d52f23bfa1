import { emissionNotices, isIntervalOfHub } from './emission.ts';
import { isBlank } from './environment.ts';
import { meantBy } from './misspelt.ts';
import type { Variable } from './readers.ts';
import { VARIABLES } from './variables.ts';

type Values = Readonly<Record<string, string | undefined>>;

/** What was found out about the configuration as a whole. */
export interface Found {
  readonly hasSqlServer: boolean;
  readonly hasMongo: boolean;
  readonly hasSecret: boolean;
  /** The host that is listened on without a secret. */
  readonly loopback: string;
}

const DECLARED: readonly [string, Variable<unknown>][] = Object.entries(VARIABLES);
const KNOWN = DECLARED.flatMap(([name, { alsoNamed = [] }]) => [...alsoNamed, name]);
const PLANNED = DECLARED.filter(([, { isPlanned = false }]) => isPlanned).flatMap(([name, { alsoNamed = [] }]) => [
  ...alsoNamed,
  name,
]);
const OFFERED = KNOWN.filter((name) => !PLANNED.includes(name));

const SQL_SERVER_NAMES = KNOWN.filter((name) => name.startsWith('DB_'));
const MONGO_NAMES = ['MONGO_DATABASE', ...KNOWN.filter((name) => /^MONGO_(?:READ|CONNECT_|POOL)/.test(name))];
const DEMO_NAMES = KNOWN.filter((name) => name.startsWith('DEMO_'));
const TOKEN_NAMES = ['BI_ROLES', 'BI_JWT_ISSUER', 'BI_JWT_AUDIENCE'];

/** What a person should know of variables that are set and change nothing. */
export function noticesOn(values: Values, found: Found): string[] {
  const isSet = (name: string) => !isBlank(values[name]);
  return [
    ...hostNotices(values, found),
    ...unused(TOKEN_NAMES.filter(isSet), found.hasSecret, 'without JWT_SECRET no token is asked for'),
    ...unused(SQL_SERVER_NAMES.filter(isSet), found.hasSqlServer, 'no SQL Server is named, which DB_SERVER would do'),
    ...unused(MONGO_NAMES.filter(isSet), found.hasMongo, 'no MongoDB is named, which MONGO_CONNECTION_STRING would do'),
    ...unused(
      DEMO_NAMES.filter(isSet),
      !(found.hasSqlServer || found.hasMongo),
      'databases are configured, and the demo data are shown only where there are none',
    ),
    ...databaseNotices(values, found),
    ...emissionNotices({ isSet }),
    ...secondNames(values),
    ...quotedSecrets(values),
    ...unused(PLANNED.filter(isSet), false, 'this version has nothing that it is for'),
    ...misspeltNames(values),
  ];
}

/** Names of variables that are not read, and are near to one that is. */
export function misspeltNames(values: Values): string[] {
  return Object.keys(values).flatMap((name) => {
    if (isBlank(values[name]) || KNOWN.includes(name) || isIntervalOfHub(name)) return [];
    const meant = meantBy(name, OFFERED);
    return meant === undefined ? [] : [`${name} is not read; did you mean ${meant}?`];
  });
}

function unused(names: readonly string[], isUsed: boolean, why: string): string[] {
  if (isUsed || names.length === 0) return [];
  return [`${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not used: ${why}`];
}

function hostNotices(values: Values, { hasSecret, loopback }: Found): string[] {
  const host = (values.HOST ?? '').trim();
  if (hasSecret || [loopback, 'localhost', ''].includes(host)) return [];
  return [`HOST=${host} is not used: without JWT_SECRET the server listens on ${loopback} only`];
}

function databaseNotices(values: Values, { hasSqlServer, hasMongo }: Found): string[] {
  const isSet = (name: string) => !isBlank(values[name]);
  const is = (name: string, value: string) => values[name]?.trim() === value;
  const hasAny = hasSqlServer || hasMongo;
  const trustsAny = is('DB_TRUST_SERVER_CERTIFICATE', 'true') || is('DB_TRUST_SERVER_CERTIFICATE', '1');
  return [
    ...unused(['CHANGE_INTERVAL_MS'].filter(isSet), hasAny, 'no database is configured'),
    ...(is('MIRROR', 'disk') && !hasAny && !isSet('DEMO_DIR')
      ? ['MIRROR=disk is not used: without DEMO_DIR the demo data are in memory, and made anew at each start']
      : []),
    ...(hasSqlServer && isSet('DB_CA_FILE') && trustsAny
      ? ['DB_CA_FILE is not used: with DB_TRUST_SERVER_CERTIFICATE any certificate is taken']
      : []),
    ...(hasSqlServer && isSet('DB_CA_FILE') && is('DB_ENCRYPT', 'false')
      ? ['DB_CA_FILE is not used: DB_ENCRYPT=false']
      : []),
    ...(isSet('DB_PORT') && /,\s*\d+\s*$/.test(values.DB_SERVER ?? '') && !sameNumber(values.DB_SERVER, values.DB_PORT)
      ? ['the port in DB_SERVER is not used: DB_PORT comes first']
      : []),
  ];
}

function sameNumber(server: string | undefined, port: string | undefined): boolean {
  return Number(server?.split(',').at(-1)) === Number(port);
}

/** The first name that is set counts. */
function secondNames(values: Values): string[] {
  return DECLARED.flatMap(([name, { alsoNamed = [] }]) => {
    const [first, ...others] = [...alsoNamed, name].filter((each) => !isBlank(values[each]));
    return others
      .filter((other) => first !== undefined && values[other] !== values[first])
      .map((other) => `${other} is not used: ${first} comes first`);
  });
}

/** In other variables quotes stop the start; a password may have them. */
function quotedSecrets(values: Values): string[] {
  return DECLARED.flatMap(([name, { secret = false, alsoNamed = [] }]) =>
    secret ? [...alsoNamed, name].filter((each) => /^(["'`]).*\1$/s.test(values[each]?.trim() ?? '')) : [],
  ).map((name) => `${name} has quotes around it, which count as a part of it`);
}
