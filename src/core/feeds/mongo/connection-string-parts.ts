import { accessSync, constants } from 'node:fs';

/** An example for error messages. */
export const EXAMPLE = 'mongodb://user:password@host:27017/database?authSource=admin';
const SCHEME = /^mongodb(\+srv)?:\/\//;
/** Between the scheme and the options: login, hosts and database. */
const PARTS = /^(?:(.*)@)?([^/@]*)(?:\/(.*))?$/s;
const HOST = /^(?:\[[^\]]+\]|[^:[\]]+)(?::(\d+))?$/;

/**
 * Says what is wrong with a part of a connection string; undefined if each part is valid. The driver accepts some invalid
 * parts, and fails later.
 */
export function wrongPart(text: string): string | undefined {
  const [scheme] = SCHEME.exec(text) ?? [];
  if (scheme === undefined) return 'it does not begin with mongodb:// or mongodb+srv://';
  const [place = ''] = text.slice(scheme.length).split('?', 1);
  const [, login, hosts = '', database = ''] = PARTS.exec(place) ?? [];
  return (
    wrongLogin(login) ??
    wrongHosts(hosts, scheme === 'mongodb+srv://') ??
    wrongDatabase(database) ??
    wrongFile(text.slice(scheme.length + place.length + 1))
  );
}

function wrongLogin(login: string | undefined): string | undefined {
  if (login === undefined) return undefined;
  const [user = '', ...password] = login.split(':');
  if (user === '') return 'the user name before the @ is empty';
  if (password.length < 2 && !/[@/?#[\]]/.test(login) && isEncoded(login)) return undefined;
  return 'the user name or the password has a character that has to be written in percent-encoding: @ is %40, : is %3A, / is %2F, ? is %3F, # is %23, [ is %5B, ] is %5D, % is %25';
}

function wrongHosts(hosts: string, isSrv: boolean): string | undefined {
  if (hosts === '') return 'it names no host';
  const list = hosts.split(',');
  if (isSrv && (list.length > 1 || hosts.includes(':'))) {
    return 'mongodb+srv:// takes the name of one host, without a port';
  }
  for (const host of list) {
    const match = HOST.exec(host);
    if (match === null) return 'a host is not of the form name or name:port';
    const port = Number(match[1] ?? 1);
    if (port < 1 || port > 65_535) return 'the port of a host is not between 1 and 65535';
  }
  return undefined;
}

function wrongDatabase(database: string): string | undefined {
  if (!isEncoded(database))
    return 'the name of the database after the / has a % that stands for no character: write %25';
  const isName = !/[/\\."$*<>:|?]/.test(decodeURIComponent(database));
  return isName ? undefined : 'the name of the database after the / has a character that no such name has';
}

/** Options that name a file. The driver reads it when it connects. */
const FILE_OPTIONS = ['tlscafile', 'tlscertificatekeyfile', 'tlscrlfile'];

function wrongFile(options: string): string | undefined {
  for (const [option, path] of new URLSearchParams(options)) {
    if (FILE_OPTIONS.includes(option.toLowerCase()) && !isReadable(path)) {
      return `${option} names a file that cannot be read`;
    }
  }
  return undefined;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
