import { type Advice, broken, clockFinding, type Finding, notConfigured, ok } from './finding.ts';
import { askRedisTime, RedisRefusal } from './redis-dialog.ts';

const WITHIN_MS = 5_000;
/** Only the doctor reads these variables. */
const NOT_USED_YET = 'nothing: this version does not use it yet';

const LOGIN = 'write the password into REDIS_URL: redis://:password@host:6379, or redis://user:password@host:6379';
const UNKNOWN_AUTHORITY: Advice = {
  found: 'its certificate is signed by itself, or by an authority that this machine does not know',
  next: 'name the PEM file of that authority in NODE_EXTRA_CA_CERTS',
};

/** By the code of Redis, the socket or TLS. */
const ADVICE: Readonly<Record<string, Advice>> = {
  NOAUTH: { found: 'it requires a password, and none is given', next: LOGIN },
  WRONGPASS: { found: 'the user or the password is wrong', next: 'check both in REDIS_URL' },
  ERR: { found: 'it refuses the login: it may have no password', next: 'remove the password from REDIS_URL' },
  NOPERM: { found: 'the user may not ask for the time', next: 'ACL SETUSER <user> +time +exists' },
  LOADING: { found: 'it is still loading its data', next: 'run the doctor again in a minute' },
  DENIED: {
    found: 'it runs in protected mode, and answers only its own machine',
    next: 'set a password for it (requirepass), and write it into REDIS_URL',
  },
  ECONNREFUSED: { found: 'nothing listens at its host and port', next: 'start Redis, and check REDIS_URL' },
  ENOTFOUND: { found: 'its host name cannot be resolved', next: 'check the host in REDIS_URL' },
  EAI_AGAIN: { found: 'no name server answers', next: 'check the network of this machine' },
  ETIMEDOUT: {
    found: `it did not answer within ${WITHIN_MS} ms`,
    next: 'let its port through every firewall in between, check REDIS_URL, and write redis:// for a server without TLS',
  },
  ECONNRESET: {
    found: 'it closes the connection',
    next: 'write rediss:// in REDIS_URL if it accepts encrypted connections only; else check its port',
  },
  EPROTO: {
    found: 'the program there is not Redis, or expects encryption',
    next: 'check the port in REDIS_URL; write rediss:// if it accepts encrypted connections only',
  },
  ERR_SSL_WRONG_VERSION_NUMBER: { found: 'it has no encryption', next: 'write redis:// in REDIS_URL' },
  CERT_HAS_EXPIRED: { found: 'its certificate has expired', next: 'renew it at the server' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    found: 'its certificate is for another name',
    next: 'write a name that the certificate is for as the host in REDIS_URL',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
};

/** Checks the back end's Redis, which holds the revoked tokens. */
export async function checkRedis(address: string | null, withinMs = WITHIN_MS): Promise<Finding[]> {
  if (address === null) return [notConfigured('Redis', NOT_USED_YET)];
  if (!URL.canParse(address)) {
    return [broken('Redis', 'its address cannot be read', 'write REDIS_URL as redis://:password@host:6379')];
  }
  try {
    const from = Date.now();
    const [seconds, microseconds] = await askRedisTime(new URL(address), withinMs);
    const asked = { from, to: Date.now() };
    return [ok('Redis', 'answers'), clockFinding('Redis clock', seconds * 1000 + microseconds / 1000, asked)];
  } catch (error) {
    const { found, next } = ADVICE[codeOf(error)] ?? {
      found: `cannot be asked (${codeOf(error)})`,
      next: 'check REDIS_URL, and its password',
    };
    return [broken('Redis', found, next)];
  }
}

/** If several addresses were tried, the code of the last. */
function codeOf(error: unknown): string {
  if (error instanceof RedisRefusal) return error.code;
  const last = error instanceof AggregateError ? error.errors.at(-1) : error;
  return last instanceof Error && 'code' in last ? String(last.code) : 'unknown error';
}
