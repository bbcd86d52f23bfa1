import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Cron } from 'croner';
import { EXAMPLE, wrongPart } from '../core/feeds/mongo/connection-string-parts.ts';
import { parseAdoConnectionString, parseServer } from '../core/feeds/sql-server/connection-string.ts';
import { canonicalTimeZone } from '../core/figures/zone.ts';

/** How the text of a variable is parsed. */
export interface Kind<Value> {
  /** Shown in the documents, such as `whole number, 1 to 100`. */
  readonly type: string;
  /** @throws InvalidValueError, ConnectionStringError */
  parse(text: string): Value;
  /** The text for this value; `String` by default. */
  write?(value: Value): string;
}

/** A text is not valid. The message continues a sentence: `PORT: read "x", which …`. */
export class InvalidValueError extends Error {
  override readonly name = 'InvalidValueError';
}

function invalid(problem: string): never {
  throw new InvalidValueError(problem);
}

function kind<Value>(type: string, parse: (text: string) => Value): Kind<Value> {
  return { type, parse };
}

export const text = kind('text', (value) => value);

/** A path, used unchanged. */
export const path = kind('path', (value) => {
  if (!/^~(?:[/\\]|$)/.test(value)) return value;
  return invalid('does not fit; a ~ stands for a home folder in a shell only; write the whole path');
});

/** An address to listen on. One with a scheme, a port or brackets would be taken for a host name. */
export const listenAddress = kind('address', (value) => {
  if (isIP(value) !== 0 || /^[\p{L}\d]([\p{L}\d._-]*[\p{L}\d])?$/u.test(value)) return value;
  return invalid('does not fit; an IP address of this machine or its name, without a port; 0.0.0.0 is every address');
});

const WHOLE = /^-?\d+$/;

export const wholeNumber = (minimum: number, maximum: number) => number('whole number', WHOLE, minimum, maximum);
export const milliseconds = (minimum: number, maximum: number) => number('milliseconds', WHOLE, minimum, maximum);
export const decimal = (minimum: number, maximum: number) => number('number', /^-?\d+(\.\d+)?$/, minimum, maximum);

/** Written in seconds; the value is in milliseconds. */
export function seconds(minimum: number, maximum: number): Kind<number> {
  const { type, parse } = number('seconds', WHOLE, minimum, maximum);
  return { type, parse: (value) => parse(value) * 1000, write: (value) => String(value / 1000) };
}

function number(type: string, form: RegExp, minimum: number, maximum: number): Kind<number> {
  return kind(`${type}, ${minimum} to ${maximum}`, (value) => {
    const parsed = Number(value);
    if (form.test(value) && parsed >= minimum && parsed <= maximum) return parsed;
    const advice = /^-?[\d.,_ ]+[a-zA-Z%]+$/.test(value) ? '; write the number alone, without a unit' : '';
    return invalid(`is not a ${form === WHOLE ? 'whole number' : 'number'} from ${minimum} to ${maximum}${advice}`);
  });
}

export const flag = kind('true or false', (value) => {
  if (/^(?:true|1)$/i.test(value)) return true;
  return /^(?:false|0)$/i.test(value) ? false : invalid('is neither true nor false; write one of them');
});

export function oneOf<const Choice extends string>(...choices: readonly Choice[]): Kind<Choice> {
  const among = choices.join(', ');
  return kind(
    `one of ${among}`,
    (value) => choices.find((choice) => choice === value) ?? invalid(`is none of ${among}`),
  );
}

/** Separated by commas, each one of the choices. */
export function listOf<const Choice extends string>(...choices: readonly Choice[]): Kind<readonly Choice[]> {
  const one = oneOf(...choices);
  const among = choices.length === 0 ? '' : ` of ${choices.join(', ')}`;
  return kind(`list${among}`, (value): readonly Choice[] => list.parse(value).map(one.parse));
}

/** Written in MB of 1024² bytes; the value is in bytes. */
export function megabytes(minimum: number, maximum: number): Kind<number> {
  const { type, parse } = number('MB', WHOLE, minimum, maximum);
  return { type, parse: (value) => parse(value) * 2 ** 20, write: (value) => String(value / 2 ** 20) };
}

const EXAMPLE_PATTERN = '0 6 * * *';

/** Five fields; the value is the pattern. One that never runs is refused. */
export function cronPattern(timeZone: string): Kind<string> {
  const runs = (pattern: string) =>
    new Cron(pattern, { timezone: timeZone, mode: '5-part' })
      .nextRuns(2)
      .map((run) => Temporal.Instant.fromEpochMilliseconds(run.getTime()).toZonedDateTimeISO(timeZone))
      .map((run) => run.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' '));
  const advice = () => {
    const next = runs(EXAMPLE_PATTERN).join(', then ');
    return `write minute, hour, day, month and weekday: ${EXAMPLE_PATTERN} runs every day at six, next at ${next} (${timeZone})`;
  };
  return kind('cron pattern', (value) => {
    // croner takes a date too, which comes once.
    const next = /^\d{4}-/.test(value) ? undefined : nextRuns(() => runs(value));
    if (next === undefined) return invalid(`is no cron pattern; ${advice()}`);
    return next.length > 0 ? value : invalid(`never comes; ${advice()}`);
  });
}

function nextRuns(find: () => readonly string[]): readonly string[] | undefined {
  try {
    return find();
  } catch (error) {
    // croner throws TypeError for a malformed pattern, and RangeError for a value out of range.
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

const ENCRYPTIONS = oneOf('true', 'false', 'strict');

export const encryption = kind(ENCRYPTIONS.type, (value) => {
  const choice = ENCRYPTIONS.parse(value);
  return choice === 'strict' ? choice : choice === 'true';
});

/** Separated by commas. */
export const list = kind('list', (value): readonly string[] => {
  const items = value.split(',').flatMap((item) => item.trim() || []);
  return items.length === 0 ? invalid('lists nothing; name at least one') : items;
});

/** Origins as browsers send them. One with a trailing slash would never match. */
export const origins = kind('list', (value) => {
  const items = list.parse(value);
  const wrong = items.find((item) => !/^https?:/.test(item) || URL.parse(item)?.origin !== item);
  const form = 'an origin is a scheme, a host and a port unless it is the usual one, such as https://admin.example';
  return wrong === undefined ? items : invalid(`lists ${JSON.stringify(wrong)}; ${form}`);
});

/** In any letter case; the value is spelled as in the time zone database. */
export const timeZone = kind('IANA time zone', (value) => {
  try {
    return canonicalTimeZone(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return invalid('is not a time zone; an IANA name is, such as America/Sao_Paulo');
  }
});

/** A host, and a port or an instance. */
export const sqlServerAddress = kind('address', (value) => withPossibleHost(parseServer(value), ''));

export const adoConnectionString = kind('ADO.NET connection string', (value) =>
  withPossibleHost(parseAdoConnectionString(value), 'has a Server that '),
);

/** Refuses an impossible host name without a lookup. */
function withPossibleHost<Address extends { readonly server: string }>(address: Address, subject: string): Address {
  const problem = isIP(address.server) === 0 ? hostProblem(address.server) : undefined;
  return problem === undefined ? address : invalid(subject + problem);
}

function hostProblem(host: string): string | undefined {
  if (host.includes('://')) return 'has a scheme; give the host alone, or host,1433';
  if (/^.+:\d*$/.test(host)) return 'has a port after a colon; write host,1433, or the port into DB_PORT';
  if (host.includes('/')) return 'has a /; an instance is named host\\instance';
  if (host.startsWith('[')) return 'has brackets; write an IPv6 address without them';
  return /^[\p{L}\d_]([\p{L}\d._-]*[\p{L}\d_.])?$/u.test(host) ? undefined : 'is no host name; host,1433 would do';
}

/** Checks that every part is readable; the driver checks the options. */
export const mongoConnectionString = kind('connection string', (value) => {
  const wrong = wrongPart(value.trim());
  return wrong === undefined ? value.trim() : invalid(`cannot be used: ${wrong}; the form is ${EXAMPLE}`);
});

/** `redis://…`, or `host:port,password=…,ssl=true` (StackExchange.Redis, "Configuration"); the value is a `redis://…`. */
export const redisAddress = kind('text', (address) => {
  if (/^rediss?:\/\//.test(address)) return address;
  const [endpoint = '', ...options] = address.split(',').map((part) => part.trim());
  const [host = '', port = '6379'] = endpoint.split(':');
  const option = (name: string) =>
    options.find((part) => part.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  return redisUrl(host, Number(port), option('password'), option('ssl')?.toLowerCase() === 'true');
});

export function redisUrl(host: string, port: number, password: string | null, isEncrypted = false): string {
  const login = password === null ? '' : `:${encodeURIComponent(password)}@`;
  return `${isEncrypted ? 'rediss' : 'redis'}://${login}${host}:${port}`;
}

/** The path of a PEM file with certificates; the value is its text. */
export const certificateFile = kind('path', (value) => {
  const pem = readText(path.parse(value));
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  const form = 'in PEM (-----BEGIN CERTIFICATE-----); openssl x509 -inform der makes one of a DER file';
  if (certificates.length === 0) return invalid(`holds no certificate ${form}`);
  const broken = certificates.findIndex((certificate) => !isCertificate(certificate));
  return broken < 0 ? pem : invalid(`holds a damaged certificate, number ${broken + 1}; export it again as PEM`);
});

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return invalid(`cannot be read (${code}); name a PEM file that the user of the server may read`);
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** A secret that is sent in a header. Its value is never in a message, of `fetch` neither, which quotes what it refuses. */
export const apiToken = kind('text', (value) =>
  /^[\x21-\x7e]+$/.test(value)
    ? value
    : invalid(
        'has a blank, a line break or a letter that no token has; copy the token alone, without anything around it',
      ),
);

/** The base address of an API, without a slash at its end. Only this machine may be called without encryption. */
export const apiAddress = kind('address', (value) => {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) return invalid('is not an address; https://… is');
  if (url.username !== '' || url.password !== '') return invalid('has a login in it; leave that out');
  if (url.search !== '' || url.hash !== '') return invalid('has a ? or a #; leave out what begins there');
  if (url.protocol === 'http:' && !/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)) {
    return invalid('is not encrypted, and the token would be readable on the way; write https://…');
  }
  return url.href.replace(/\/+$/, '');
});

const NOTION_ID = /(?:^|[^0-9a-f])([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;

/** The id of a page of Notion, or an address copied from there. The value is the id as Notion's API writes it. */
export const notionPage = kind('text', (value) => {
  const url = URL.parse(value);
  // A page that is open beside another, or over it, is named by `p`.
  const text = url === null ? value : (url.searchParams.get('p') ?? url.pathname.replace(/\/+$/, ''));
  const [, ...parts] = NOTION_ID.exec(text) ?? [];
  if (parts.length > 0) return parts.join('-').toLowerCase();
  return invalid('names no page; copy the link of the page in Notion, which ends in 32 digits and letters from a to f');
});

/** An id in someone else's system, as copied from an address. */
export const identifier = kind('text', (value) => {
  if (/^[\w-]+$/.test(value)) return value;
  return invalid('is no id; letters, digits, - and _ would do, without the rest of an address');
});
