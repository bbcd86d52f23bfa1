import { type Document, MongoClient, MongoCompatibilityError, MongoServerSelectionError } from 'mongodb';
import { CODE, failureCodes } from '../../core/feeds/mongo/failures.ts';
import type { MongoSettings } from '../../core/feeds/mongo/settings.ts';
import { type Advice, broken, type Finding } from './finding.ts';

const STRING = 'MONGO_CONNECTION_STRING';
const TRUST = 'tlsAllowInvalidCertificates=true there accepts any certificate, so somebody in between could read along';

const UNKNOWN_AUTHORITY: Advice = {
  found: 'its certificate is signed by itself, or by an authority that this machine does not know',
  next: `add tlsCAFile=<PEM file of the authority, or of that certificate> to ${STRING}; or: ${TRUST}`,
};

/** The first match counts. */
const BY_CODE: readonly (readonly [string | number, Advice])[] = [
  [
    CODE.authenticationFailed,
    {
      found: 'the user or the password is wrong',
      next: `check both in ${STRING}, and authSource: it names the database in which the user was made, often admin`,
    },
  ],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNKNOWN_AUTHORITY],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNKNOWN_AUTHORITY],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNKNOWN_AUTHORITY],
  ['UNABLE_TO_GET_ISSUER_CERT', UNKNOWN_AUTHORITY],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNKNOWN_AUTHORITY],
  ['CERT_HAS_EXPIRED', { found: 'its certificate has expired', next: `renew it at the server; until then: ${TRUST}` }],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    {
      found: 'its certificate is for another name than the host',
      next: `write a name that the certificate is for as the host in ${STRING}; or add tlsAllowInvalidHostnames=true`,
    },
  ],
  [
    'ECONNREFUSED',
    { found: 'nothing listens at its host and port', next: `start mongod, and check host and port in ${STRING}` },
  ],
  [
    'ENODATA',
    { found: 'its name has no SRV record', next: `write mongodb:// in place of mongodb+srv:// in ${STRING}` },
  ],
  [
    'ENOTFOUND',
    { found: 'its host name cannot be resolved', next: `check the host in ${STRING}, and the name server` },
  ],
  [
    'EAI_AGAIN',
    { found: 'no name server answers', next: `check the network of this machine; or write an address into ${STRING}` },
  ],
];

/** Why a server could not be asked. */
export async function describeConnectionFailure(
  error: unknown,
  client: MongoClient,
  settings: MongoSettings,
): Promise<Finding> {
  const advice =
    (await fromFirstHost(error, client, settings)) ?? fromCode(error) ?? fromDisconnect(error, client, settings);
  return broken('MongoDB', advice.found, advice.next);
}

function fromCode(error: unknown): Advice | undefined {
  const codes = failureCodes(error);
  if (error instanceof MongoCompatibilityError) {
    return { found: 'it is older than MongoDB 4.2', next: 'upgrade it to MongoDB 4.4 or later' };
  }
  return BY_CODE.find(([code]) => codes.has(code))?.[1];
}

/** The server closes connections, or does not answer. */
function fromDisconnect(error: unknown, client: MongoClient, { connectTimeoutMs }: MongoSettings): Advice {
  const isEnded =
    failureCodes(error).has('ECONNRESET') ||
    (error instanceof MongoServerSelectionError && error.cause?.name === 'MongoNetworkError');
  if (!isEnded) {
    return {
      found: `it did not answer within ${connectTimeoutMs} ms`,
      next: `let its port through every firewall in between, and check host and port in ${STRING}`,
    };
  }
  return client.options.tls
    ? {
        found: 'it closes the connection before it is encrypted',
        next: `remove tls=true from ${STRING} if the server has no TLS; else check the port in it`,
      }
    : {
        found: 'it closes every connection at once',
        next: `add tls=true to ${STRING} if the server accepts encrypted connections only; else check the port in it`,
      };
}

/** Asks the first host alone about its replica set: the driver does not report why it rejects a member. */
async function fromFirstHost(
  error: unknown,
  client: MongoClient,
  settings: MongoSettings,
): Promise<Advice | undefined> {
  const { replicaSet, srvHost } = client.options;
  if (!(error instanceof MongoServerSelectionError) || srvHost !== undefined) return undefined;
  const hello = await askFirstHost(settings).catch(() => undefined);
  if (hello === undefined) return undefined;
  const name = typeof hello.setName === 'string' ? hello.setName : null;
  if (hello.isreplicaset === true) {
    return { found: 'its replica set was never initiated', next: 'run rs.initiate() on it with mongosh' };
  }
  if (replicaSet !== undefined && name === null) {
    return {
      found: `it is stand-alone, but ${STRING} names the replica set ${replicaSet}`,
      next: `remove replicaSet=${replicaSet} from ${STRING}; or start mongod with --replSet ${replicaSet} and run rs.initiate()`,
    };
  }
  if (replicaSet !== undefined && name !== replicaSet) {
    return { found: `its replica set is ${name}, not ${replicaSet}`, next: `write replicaSet=${name} in ${STRING}` };
  }
  if (name === null) return undefined;
  const members = Array.isArray(hello.hosts) ? hello.hosts.map(String) : [];
  const seeds = new Set(client.options.hosts.map(String));
  if (members.some((member) => !seeds.has(member))) {
    return {
      found: `the members of its replica set are named ${members.join(', ')}, and not all of them can be reached from here`,
      next: `make these names known to this machine; or add directConnection=true to ${STRING}, to ask that one member alone`,
    };
  }
  return {
    found: `no member of its replica set ${name} can be read from now`,
    next: 'see rs.status() in mongosh for why there is no primary; MONGO_READ_PREFERENCE=primaryPreferred reads from a secondary meanwhile',
  };
}

async function askFirstHost({ connectionString, connectTimeoutMs }: MongoSettings): Promise<Document> {
  const client = new MongoClient(directString(connectionString), {
    serverSelectionTimeoutMS: connectTimeoutMs,
    connectTimeoutMS: connectTimeoutMs,
  });
  try {
    return await client.db('admin').command({ hello: 1 });
  } finally {
    await client.close().catch(() => {});
  }
}

/** A connection string for the first host alone, without its replica set. */
function directString(connectionString: string): string {
  const [, start = '', hosts = '', path = '', query = ''] =
    /^(mongodb:\/\/(?:[^@/]*@)?)([^/?]+)(\/[^?]*)?(?:\?(.*))?$/s.exec(connectionString) ?? [];
  const options = new URLSearchParams(query);
  options.delete('replicaSet');
  options.set('directConnection', 'true');
  return `${start}${hosts.split(',', 1)[0]}${path === '' ? '/' : path}?${options}`;
}
