import { DATABASE_VARIABLES, type DatabasesConfig, readDatabases } from './config-databases.ts';
import { MIRROR_VARIABLES, type MirrorConfig, readMirror } from './config-mirror.ts';
import { READERS, type Variable, type VariableProblem } from './config-readers.ts';
import { readServices, SERVICE_VARIABLES, type ServicesConfig } from './config-services.ts';
import { type ActorTimings, DEFAULT_TIMINGS } from './core/runtime/actor-state.ts';

const LOOPBACK = '127.0.0.1';

/** Everything that can be set from outside. Read once, at the start, from the process and from `.env`. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Both null: the embedded demo. */
  readonly databases: DatabasesConfig;
  readonly services: ServicesConfig;
  readonly mirror: MirrorConfig;
  /** IANA name of the time zone of calendar days and months. */
  readonly timeZone: string;
  readonly demo: {
    readonly directory: string | null;
    readonly rate: number | null;
    readonly seed: number;
    readonly scale: number;
  };
  readonly emission: {
    readonly intervalMs: number;
    readonly intervalMsByHub: Readonly<Record<string, number>>;
    readonly unchanged: boolean;
  };
  readonly timings: ActorTimings;
  readonly stateDirectory: string;
  readonly access: {
    readonly secret: string | null;
    readonly roles: readonly string[];
    readonly issuer: string | null;
    readonly audience: string | null;
  };
  readonly origins: readonly string[];
  readonly logLevel: string;
  /** What a person should know of how the configuration was read. */
  readonly notices: readonly string[];
}

const { text, wholeNumber, decimal, flag, list, oneOf } = READERS;

const LOCAL_ORIGINS = [5173, 5045].flatMap((port) => [`http://localhost:${port}`, `http://127.0.0.1:${port}`]);

/** As browsers send it: a text that differs in a slash at the end would never match. */
const ORIGIN = {
  form: 'an origin is a scheme, a host and a port where it is not the usual one, such as https://admin.example',
  fits: (text: string) => /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text,
};

/** Every variable: its names (the first that is set counts), type, default, and one line of help. */
export const VARIABLES = {
  HOST: text({
    help: 'Address to listen on; without a secret always 127.0.0.1',
    fallback: '0.0.0.0',
  }),
  PORT: wholeNumber({ help: 'Port to listen on; 0 takes any free one', fallback: 8000, minimum: 0, maximum: 65_535 }),
  ...DATABASE_VARIABLES,
  ...SERVICE_VARIABLES,
  ...MIRROR_VARIABLES,
  DEMO_DIR: text({
    help: 'Folder that keeps the demo data, or your own; without it they are in memory',
    fallback: null,
  }),
  DEMO_RATE: decimal({
    help: 'Changes a second in the demo data; 0: nothing moves',
    fallback: null,
    fallbackText: '2, or 0 for a folder of your own',
    minimum: 0,
    maximum: 1_000,
  }),
  DEMO_SEED: wholeNumber({
    help: 'Seed of the demo data: the same seed makes the same data',
    fallback: 1,
    minimum: 0,
    maximum: 2 ** 31 - 1,
  }),
  DEMO_SCALE: decimal({
    help: 'How many times the usual amount of demo data is made',
    fallback: 1,
    minimum: 0.01,
    maximum: 20,
  }),
  EMIT_INTERVAL_MS: wholeNumber({
    help: 'A hub sends at most once in this time; EMIT_INTERVAL_MS_<HUB> overrides it for one hub',
    fallback: 30_000,
    minimum: 250,
    maximum: 86_400_000,
  }),
  EMIT_UNCHANGED: flag({ help: 'Send at every interval, whether the content changed or not', fallback: false }),
  REFRESH_MAX_AGE: wholeNumber({
    help: 'Seconds after which a feature is read again though nothing seems to have changed',
    fallback: DEFAULT_TIMINGS.maxAgeMs / 1000,
    minimum: 1,
    maximum: 86_400,
  }),
  REFRESH_DEADLINE_MS: wholeNumber({
    help: 'A refresh that takes longer has failed',
    fallback: DEFAULT_TIMINGS.deadlineMs,
    minimum: 100,
    maximum: 3_600_000,
  }),
  STATE_DIR: text({ help: 'Folder for what must outlive a restart, such as sequence numbers', fallback: 'output' }),
  JWT_SECRET: text({
    help: 'Secret of the tokens (HS256); without it access control is off',
    fallback: null,
    alsoNamed: ['Jwt__Key'],
    secret: true,
  }),
  BI_ROLES: list({ help: 'Roles that may read, separated by commas', fallback: ['Admin'] }),
  BI_JWT_ISSUER: text({ help: 'Issuer that a token must have; without it any', fallback: null }),
  BI_JWT_AUDIENCE: text({ help: 'Audience that a token must have; without it any', fallback: null }),
  CORS_ORIGINS: list({
    help: 'Origins of pages that may call, separated by commas',
    fallback: LOCAL_ORIGINS,
    item: ORIGIN,
  }),
  LOG_LEVEL: oneOf({
    help: 'Least severe log lines that are written',
    fallback: 'info',
    values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
  }),
};

/** The configuration makes no sense; the message names each variable, what was read, and what would do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param hubs the names that may stand for `<HUB>`
 * @throws ConfigError naming everything that makes no sense, all at once
 */
export function loadConfig(hubs: readonly string[], environment: Environment = process.env): Config {
  const problems = strangers(environment, hubs);
  const get = <Value>(name: string, variable: Variable<Value>): Value => {
    const set = [...(variable.alsoNamed ?? []), name].find((candidate) => isSet(environment, candidate));
    if (set === undefined) return variable.fallback;
    const value = environment[set] ?? '';
    // A secret is its bytes as they are: whoever signs with it does not trim it either.
    const outcome = variable.read(variable.secret ? value : value.trim());
    if (!isProblem(outcome)) return outcome;
    problems.push(`${set}: read ${variable.secret ? 'a value' : JSON.stringify(value)}, ${outcome.problem}`);
    return variable.fallback;
  };

  const deadlineMs = get('REFRESH_DEADLINE_MS', VARIABLES.REFRESH_DEADLINE_MS);
  const secret = get('JWT_SECRET', VARIABLES.JWT_SECRET);
  const host = get('HOST', VARIABLES.HOST);
  const config: Config = {
    host: secret === null ? LOOPBACK : host,
    port: get('PORT', VARIABLES.PORT),
    databases: readDatabases(
      { get, isSet: (name) => isSet(environment, name), report: (problem) => problems.push(problem) },
      deadlineMs,
    ),
    services: readServices({ get }),
    mirror: readMirror({ get }),
    timeZone: get('BI_TIME_ZONE', VARIABLES.BI_TIME_ZONE),
    demo: {
      directory: get('DEMO_DIR', VARIABLES.DEMO_DIR),
      rate: get('DEMO_RATE', VARIABLES.DEMO_RATE),
      seed: get('DEMO_SEED', VARIABLES.DEMO_SEED),
      scale: get('DEMO_SCALE', VARIABLES.DEMO_SCALE),
    },
    emission: {
      intervalMs: get('EMIT_INTERVAL_MS', VARIABLES.EMIT_INTERVAL_MS),
      intervalMsByHub: intervalsByHub(environment, get),
      unchanged: get('EMIT_UNCHANGED', VARIABLES.EMIT_UNCHANGED),
    },
    timings: {
      ...DEFAULT_TIMINGS,
      maxAgeMs: get('REFRESH_MAX_AGE', VARIABLES.REFRESH_MAX_AGE) * 1000,
      deadlineMs,
    },
    stateDirectory: get('STATE_DIR', VARIABLES.STATE_DIR),
    access: {
      secret,
      roles: get('BI_ROLES', VARIABLES.BI_ROLES),
      issuer: get('BI_JWT_ISSUER', VARIABLES.BI_JWT_ISSUER),
      audience: get('BI_JWT_AUDIENCE', VARIABLES.BI_JWT_AUDIENCE),
    },
    origins: get('CORS_ORIGINS', VARIABLES.CORS_ORIGINS),
    logLevel: get('LOG_LEVEL', VARIABLES.LOG_LEVEL),
    notices: noticesOn(environment, secret),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** An empty value counts as none: Compose files pass those on for variables that are not set. */
function isSet(environment: Environment, name: string): boolean {
  return (environment[name] ?? '').trim() !== '';
}

function isProblem(outcome: unknown): outcome is VariableProblem {
  return typeof outcome === 'object' && outcome !== null && 'problem' in outcome;
}

const INTERVAL_OF_HUB = 'EMIT_INTERVAL_MS_';

function strangers(environment: Environment, hubs: readonly string[]): string[] {
  const names = hubs.map((hub) => hub.toUpperCase());
  const known = new Set(names.map((name) => `${INTERVAL_OF_HUB}${name}`));
  return Object.keys(environment)
    .filter((name) => name.startsWith(INTERVAL_OF_HUB) && isSet(environment, name) && !known.has(name))
    .map((name) => `${name}: there is no such hub; the hubs are ${names.join(', ')}`);
}

function intervalsByHub(
  environment: Environment,
  get: (name: string, variable: Variable<number>) => number,
): Record<string, number> {
  const names = Object.keys(environment).filter((name) => name.startsWith(INTERVAL_OF_HUB) && isSet(environment, name));
  return Object.fromEntries(
    names.map((name) => [name.slice(INTERVAL_OF_HUB.length).toLowerCase(), get(name, VARIABLES.EMIT_INTERVAL_MS)]),
  );
}

function noticesOn(environment: Environment, secret: string | null): string[] {
  const notices: string[] = [];
  const host = (environment.HOST ?? '').trim();
  if (secret === null && ![LOOPBACK, 'localhost', ''].includes(host)) {
    notices.push(`HOST=${host} is not used: without JWT_SECRET the server listens on ${LOOPBACK} only`);
  }
  if (['REDIS_URL', 'ConnectionStrings__Redis', 'REDIS_HOST'].some((name) => isSet(environment, name))) {
    notices.push('Redis is configured but not asked yet: a token that was logged out stays valid until it expires');
  }
  if (isSet(environment, 'ROWS_API_KEY')) notices.push('ROWS_API_KEY is set, but pushes to Rows.com are not made yet');
  return notices;
}
