import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { EXAMPLE, wrongPart } from '../core/feeds/mongo/connection-string-parts.ts';
import { parseAdoConnectionString, parseServer } from '../core/feeds/sql-server/connection-string.ts';
import { canonicalTimeZone } from '../core/figures/zone.ts';

/** What the text of a variable can mean. */
export interface Kind<Value> {
  /** For the documents, such as `whole number, 1 to 100`. */
  readonly type: string;
  /** @throws Misfit, ConnectionStringError */
  parse(text: string): Value;
  /** The text that means this value; `String` if left out. */
  write?(value: Value): string;
}

/** A text has no meaning. The message continues a sentence: `PORT: read "x", which …`. */
export class Misfit extends Error {
  override readonly name = 'Misfit';
}

export const text: Kind<string> = { type: 'text', parse: (value) => value };

/** A path that is used as it stands. */
export const path = textThat(
  'path',
  (value) => !/^~(?:[/\\]|$)/.test(value),
  'does not fit; a ~ stands for a home folder in a shell only; write the whole path',
);

/** An address to listen on. With a scheme, a port or brackets it would be looked up as a name. */
export const listenAddress = textThat(
  'address',
  (value) => isIP(value) !== 0 || /^[\p{L}\d]([\p{L}\d._-]*[\p{L}\d])?$/u.test(value),
  'does not fit; an IP address of this machine or its name, without a port; 0.0.0.0 is every address',
);

export const wholeNumber = (minimum: number, maximum: number) =>
  number('whole number', /^-?\d+$/, 'a whole number', minimum, maximum);

export const decimal = (minimum: number, maximum: number) =>
  number('number', /^-?\d+(\.\d+)?$/, 'a number', minimum, maximum);

export const milliseconds = (minimum: number, maximum: number) =>
  number('milliseconds', /^-?\d+$/, 'a whole number', minimum, maximum);

/** Written in seconds; the value is in milliseconds. */
export function seconds(minimum: number, maximum: number): Kind<number> {
  const { type, parse } = number('seconds', /^-?\d+$/, 'a whole number', minimum, maximum);
  return { type, parse: (value) => parse(value) * 1000, write: (value) => String(value / 1000) };
}

const FLAG_WORDS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

export const flag: Kind<boolean> = {
  type: 'true or false',
  parse: (value) => FLAG_WORDS.get(value.toLowerCase()) ?? misfit('is neither true nor false; write one of them'),
};

export function oneOf<const Choice extends string>(...choices: readonly Choice[]): Kind<Choice> {
  const among = choices.join(', ');
  return {
    type: `one of ${among}`,
    parse: (value) => choices.find((choice) => choice === value) ?? misfit(`is none of ${among}`),
  };
}

/** Separated by commas. @param checkItem throws Misfit */
export function list(checkItem: (item: string) => void = () => {}): Kind<readonly string[]> {
  return {
    type: 'list',
    parse(value) {
      const items = value.split(',').flatMap((item) => item.trim() || []);
      if (items.length === 0) throw new Misfit('lists nothing; name at least one');
      for (const item of items) checkItem(item);
      return items;
    },
  };
}

/** As browsers send it: a text that differs in a slash at the end would never match. */
export function checkOrigin(item: string): void {
  if (/^https?:/.test(item) && URL.canParse(item) && new URL(item).origin === item) return;
  const form = 'an origin is a scheme, a host and a port where it is not the usual one, such as https://admin.example';
  throw new Misfit(`lists ${JSON.stringify(item)}; ${form}`);
}

/** In any letter case; the value is spelled as in the time zone database. */
export const timeZone: Kind<string> = {
  type: 'IANA time zone',
  parse(value) {
    try {
      return canonicalTimeZone(value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new Misfit('is not a time zone; an IANA name is, such as America/Sao_Paulo');
    }
  },
};

const ENCRYPTIONS = oneOf('true', 'false', 'strict');

export const encryption: Kind<boolean | 'strict'> = {
  type: ENCRYPTIONS.type,
  parse(value) {
    const choice = ENCRYPTIONS.parse(value);
    return choice === 'strict' ? choice : choice === 'true';
  },
};

/** A host, and a port or an instance. */
export const sqlServerAddress: Kind<ReturnType<typeof parseServer>> = {
  type: 'address',
  parse(value) {
    const address = parseServer(value);
    checkHost(address.server);
    return address;
  },
};

export const adoConnectionString: Kind<ReturnType<typeof parseAdoConnectionString>> = {
  type: 'ADO.NET connection string',
  parse(value) {
    const connection = parseAdoConnectionString(value);
    checkHost(connection.server, 'has a Server that ');
    return connection;
  },
};

/** Each of its parts can be read; its options are checked by the driver. */
export const mongoConnectionString: Kind<string> = {
  type: 'connection string',
  parse(value) {
    const address = value.trim();
    const wrong = wrongPart(address);
    if (wrong !== undefined) throw new Misfit(`cannot be used: ${wrong}; the form is ${EXAMPLE}`);
    return address;
  },
};

/** `redis://…`, or `host:port,password=…,ssl=true` (StackExchange.Redis, "Configuration"); the value is a `redis://…`. */
export const redisAddress: Kind<string> = {
  type: 'text',
  parse(address) {
    if (/^rediss?:\/\//.test(address)) return address;
    const [endpoint = '', ...options] = address.split(',').map((part) => part.trim());
    const [host = '', port = '6379'] = endpoint.split(':');
    const option = (name: string) =>
      options.find((part) => part.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
    return redisUrl(host, Number(port), option('password'), option('ssl')?.toLowerCase() === 'true');
  },
};

export function redisUrl(host: string, port: number, password: string | null, isEncrypted = false): string {
  const login = password === null ? '' : `:${encodeURIComponent(password)}@`;
  return `${isEncrypted ? 'rediss' : 'redis'}://${login}${host}:${port}`;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The path of a PEM file with certificates; the value is its text. */
export const certificateFile: Kind<string> = {
  type: 'path',
  parse(value) {
    const pem = readText(path.parse(value));
    const certificates = pem.match(CERTIFICATE) ?? [];
    if (certificates.length === 0) {
      throw new Misfit(
        'holds no certificate in PEM (-----BEGIN CERTIFICATE-----); openssl x509 -inform der makes one of a DER file',
      );
    }
    const broken = certificates.findIndex((certificate) => !isCertificate(certificate));
    if (broken >= 0) throw new Misfit(`holds a damaged certificate, number ${broken + 1}; export it again as PEM`);
    return pem;
  },
};

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new Misfit(`cannot be read (${code}); name a PEM file that the user of the server may read`);
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function misfit(problem: string): never {
  throw new Misfit(problem);
}

function textThat(type: string, fits: (value: string) => boolean, problem: string): Kind<string> {
  return { type, parse: (value) => (fits(value) ? value : misfit(problem)) };
}

function number(type: string, form: RegExp, noun: string, minimum: number, maximum: number): Kind<number> {
  return {
    type: `${type}, ${minimum} to ${maximum}`,
    parse(value) {
      const parsed = Number(value);
      if (form.test(value) && parsed >= minimum && parsed <= maximum) return parsed;
      const advice = /^-?[\d.,_ ]+[a-zA-Z%]+$/.test(value) ? '; write the number alone, without a unit' : '';
      throw new Misfit(`is not ${noun} from ${minimum} to ${maximum}${advice}`);
    },
  };
}

/** A host that no name server can know is reported before it is looked up. */
function checkHost(host: string, subject = ''): void {
  if (isIP(host) !== 0) return;
  const problem = hostProblem(host);
  if (problem !== undefined) throw new Misfit(`${subject}${problem}`);
}

function hostProblem(host: string): string | undefined {
  if (host.includes('://')) return 'has a scheme; give the host alone, or host,1433';
  if (/^.+:\d*$/.test(host)) return 'has a port after a colon; write host,1433, or the port into DB_PORT';
  if (host.includes('/')) return 'has a /; an instance is named host\\instance';
  if (host.startsWith('[')) return 'has brackets; write an IPv6 address without them';
  return /^[\p{L}\d_]([\p{L}\d._-]*[\p{L}\d_.])?$/u.test(host) ? undefined : 'is no host name; host,1433 would do';
}
