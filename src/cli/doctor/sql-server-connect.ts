import { isIP } from 'node:net';
import { type Causes, describeCauses } from '../../core/feeds/sql-server/failures.ts';
import type { SqlServerSettings } from '../../core/feeds/sql-server/settings.ts';
import { type Advice, broken, type Finding } from './finding.ts';

const TRUST = 'DB_TRUST_SERVER_CERTIFICATE=true accepts any certificate, so somebody in between could read along';
const MIXED_MODE: Advice = {
  found: 'the server accepts Windows logins only',
  next: 'switch on "SQL Server and Windows Authentication mode" (mixed mode) and restart it, then run db/login.sql',
};

/** By the code of the driver, TLS or the socket. The first match counts. */
const BY_CODE: readonly (readonly [string, (settings: SqlServerSettings) => Advice])[] = [
  [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    () => ({
      found: 'its certificate is signed by itself, as SQL Server does if it was never given one',
      next: `save that certificate as PEM and name the file in DB_CA_FILE; or: ${TRUST}`,
    }),
  ],
  ...[
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_UNTRUSTED',
  ].map(
    (code) =>
      [
        code,
        ({ certificateAuthority }: SqlServerSettings) => ({
          found:
            certificateAuthority === null
              ? 'its certificate is of an authority that this machine does not know'
              : 'its certificate is of another authority than the one in DB_CA_FILE',
          next: `name the PEM file of that authority in DB_CA_FILE; or: ${TRUST}`,
        }),
      ] as const,
  ),
  [
    'CERT_HAS_EXPIRED',
    () => ({ found: 'its certificate has expired', next: `renew it at the server; until then: ${TRUST}` }),
  ],
  [
    'CERT_NOT_YET_VALID',
    () => ({
      found: 'its certificate is not valid yet',
      next: `set the clock of this machine, or of the one that made the certificate; until then: ${TRUST}`,
    }),
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    ({ server }) => ({
      found: `its certificate is not for the name ${server}`,
      next: `set DB_SERVER to ${isIP(server) === 0 ? 'the name' : 'a name'} that the certificate is for; or: ${TRUST}`,
    }),
  ],
  [
    'EENCRYPT',
    ({ encryption }) =>
      encryption === false
        ? { found: 'it accepts encrypted connections only', next: 'set DB_ENCRYPT=true' }
        : {
            found: 'it does not support encryption',
            next: 'give the server a certificate; or set DB_ENCRYPT=false, and everything is sent in the clear, the password too',
          },
  ],
  [
    'ENOTFOUND',
    ({ server }) => ({ found: `the name ${server} cannot be resolved`, next: 'check DB_SERVER, and the name server' }),
  ],
  [
    'EAI_AGAIN',
    ({ server }) => ({
      found: `no name server answers for ${server}`,
      next: 'check the network of this machine; or set DB_SERVER to an address',
    }),
  ],
  [
    'ECONNREFUSED',
    (settings) => ({
      found: `nothing listens at ${placeOf(settings)}`,
      next: 'start SQL Server, switch TCP/IP on in its Configuration Manager, and check DB_SERVER and DB_PORT',
    }),
  ],
  [
    'EINSTLOOKUP',
    ({ server, instanceName }) => ({
      found: `the SQL Server Browser at ${server} does not say at which port the instance ${instanceName} listens`,
      next: instanceAdvice(server),
    }),
  ],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ETIMEOUT'].map(
    (code) => [code, (settings: SqlServerSettings) => silence(settings)] as const,
  ),
  ['ECONNRESET', (settings) => hangUp(settings)],
  ['EPIPE', (settings) => hangUp(settings)],
];

/** By the error number of the refused login. */
const BY_LOGIN_ERROR = new Map<number, (settings: SqlServerSettings) => Advice>([
  [
    4060,
    ({ database, userName }) => ({
      found: `there is no database ${database}, or ${userName} may not open it`,
      next: `check DB_NAME; where it is there, run db/login.sql in it, which makes a user for ${userName}`,
    }),
  ],
  [
    4064,
    ({ userName }) => ({
      found: `the default database of ${userName} cannot be opened`,
      next: `alter login [${userName}] with default_database = master`,
    }),
  ],
  [18_450, () => MIXED_MODE],
  [18_452, () => MIXED_MODE],
  [
    18_470,
    ({ userName }) => ({ found: `the login ${userName} is disabled`, next: `alter login [${userName}] enable` }),
  ],
  [
    18_486,
    ({ userName }) => ({
      found: `the login ${userName} is locked after too many attempts`,
      next: `alter login [${userName}] with password = '…' unlock`,
    }),
  ],
  [18_487, ({ userName }) => expired(userName, 'has expired')],
  [18_488, ({ userName }) => expired(userName, 'has to be changed')],
  [
    40_615,
    () => ({
      found: 'the firewall of Azure SQL does not let this machine through',
      next: "add this machine's public address to the firewall rules of the server in the Azure portal",
    }),
  ],
  [
    18_456,
    ({ userName }) => ({
      found: `the login ${userName} or its password is wrong`,
      next: 'check DB_USER and DB_PASSWORD; the log of the server has the exact reason. db/login.sql makes the login and sets its password',
    }),
  ],
]);

/** Why the server could not be used. @param words the server's own, used if nothing more is known */
export function describeConnectionFailure(error: unknown, settings: SqlServerSettings, words: string): Finding {
  const { found, next } = adviceOn(describeCauses(error), settings) ?? {
    found: words,
    next: 'check DB_SERVER, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD',
  };
  return broken('SQL Server', found, next);
}

function adviceOn({ codes, loginErrors }: Causes, settings: SqlServerSettings): Advice | undefined {
  const [byLogin] = loginErrors.flatMap((number) => BY_LOGIN_ERROR.get(number) ?? []);
  return byLogin?.(settings) ?? BY_CODE.find(([code]) => codes.has(code))?.[1](settings);
}

/** No answer: a firewall drops the packets, or the address is wrong. */
function silence(settings: SqlServerSettings): Advice {
  const { server, instanceName, port, connectTimeoutMs } = settings;
  if (instanceName !== null) {
    return {
      found: `${server} did not say within ${connectTimeoutMs} ms at which port the instance ${instanceName} listens, or does not answer there`,
      next: instanceAdvice(server),
    };
  }
  return {
    found: `${placeOf(settings)} did not answer within ${connectTimeoutMs} ms`,
    next: `let TCP port ${port} through every firewall between here and ${server}, and check DB_SERVER and DB_PORT`,
  };
}

function hangUp(settings: SqlServerSettings): Advice {
  const place = placeOf(settings);
  if (settings.encryption === 'strict') {
    return {
      found: `${place} closes the connection before it is encrypted`,
      next: 'DB_ENCRYPT=strict needs SQL Server 2022 or later with a certificate: set DB_ENCRYPT=true for any other, and check DB_PORT',
    };
  }
  return {
    found: `${place} closes the connection before the login`,
    next: 'check DB_PORT: this may not be SQL Server; one that forces strict encryption needs DB_ENCRYPT=strict',
  };
}

function instanceAdvice(server: string): string {
  return `check the name after the backslash in DB_SERVER, start the service SQL Server Browser and let UDP port 1434 through; or name the port instead: DB_SERVER=${server} and DB_PORT=…`;
}

function expired(userName: string, what: string): Advice {
  return {
    found: `the password of ${userName} ${what}`,
    next: `alter login [${userName}] with password = '…', check_expiration = off, and set DB_PASSWORD to it`,
  };
}

function placeOf({ server, port }: SqlServerSettings): string {
  return `${server}:${port}`;
}
