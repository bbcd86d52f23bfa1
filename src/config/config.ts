import { type ActorTimings, DEFAULT_TIMINGS } from '../core/runtime/actor-state.ts';
import { ConfigError } from './config-error.ts';
import { type DatabasesConfig, type Reading, readDatabases } from './databases.ts';
import { type EmissionConfig, readEmission } from './emission.ts';
import { type Environment, isBlank, readEnvironment } from './environment.ts';
import { type MirrorConfig, readMirror } from './mirror.ts';
import { misspeltNames, noticesOn } from './notices.ts';
import type { Variable, VariableProblem } from './readers.ts';
import { readServices, type ServicesConfig } from './services.ts';
import { VARIABLES } from './variables.ts';

export { ConfigError } from './config-error.ts';

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
  readonly emission: EmissionConfig;
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
  /** Where variables were read from, in words. */
  readonly origin: string;
  /** What a person should know of how the configuration was read. */
  readonly notices: readonly string[];
}

/**
 * @param features the names that may stand for `<HUB>`
 * @param environment what counts instead of the process and `.env`
 * @throws ConfigError naming everything that makes no sense, all at once
 */
export function loadConfig(features: readonly string[], environment?: Environment['values']): Config {
  const { values, origin, notices } =
    environment === undefined ? readEnvironment() : { values: environment, origin: 'the program', notices: [] };
  const problems: string[] = [];
  const reading = readingOf(values, (problem) => problems.push(problem));
  const { get } = reading;
  // Problems are told in the order of the reading: the server's own variables first.
  const host = get('HOST', VARIABLES.HOST);
  const port = get('PORT', VARIABLES.PORT);
  const secret = get('JWT_SECRET', VARIABLES.JWT_SECRET);
  const deadlineMs = get('REFRESH_DEADLINE_MS', VARIABLES.REFRESH_DEADLINE_MS);
  const databases = readDatabases(reading, deadlineMs);
  const hasSqlServer = databases.sqlServer !== null;
  const hasMongo = databases.mongo !== null;
  const directory = get('DEMO_DIR', VARIABLES.DEMO_DIR);
  const config: Config = {
    host: secret === null ? LOOPBACK : host,
    port,
    databases,
    services: readServices(reading),
    mirror: readMirror(reading, { isLasting: hasSqlServer || hasMongo || directory !== null }),
    timeZone: get('BI_TIME_ZONE', VARIABLES.BI_TIME_ZONE),
    demo: {
      directory,
      rate: get('DEMO_RATE', VARIABLES.DEMO_RATE),
      seed: get('DEMO_SEED', VARIABLES.DEMO_SEED),
      scale: get('DEMO_SCALE', VARIABLES.DEMO_SCALE),
    },
    emission: readEmission(reading, features, Object.keys(values)),
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
    origin,
    notices: [
      ...notices,
      ...noticesOn(values, { hasSqlServer, hasMongo, hasSecret: secret !== null, loopback: LOOPBACK }),
    ],
  };
  // A name that was not read may be why another is missing.
  if (problems.length > 0) throw new ConfigError([...problems, ...misspeltNames(values)]);
  return config;
}

function readingOf(values: Environment['values'], report: (problem: string) => void): Reading {
  return {
    report,
    isSet: (name) => !isBlank(values[name]),
    get<Value>(name: string, variable: Variable<Value>): Value {
      const set = [...(variable.alsoNamed ?? []), name].find((candidate) => !isBlank(values[candidate]));
      if (set === undefined) return variable.fallback;
      const value = values[set] ?? '';
      // A secret is its bytes as they are: whoever signs with it does not trim it either.
      const outcome = variable.secret ? variable.read(value) : readUnquoted(value.trim(), variable);
      if (!isProblem(outcome)) return outcome;
      report(`${set}: read ${variable.secret ? 'a value' : JSON.stringify(value)}, ${outcome.problem}`);
      return variable.fallback;
    },
  };
}

/** Shells and `.env` take quotes away; `docker run --env-file` and cmd.exe do not. */
function readUnquoted<Value>(text: string, variable: Variable<Value>): Value | VariableProblem {
  const [, , inside] = /^(["'`])(.*)\1$/s.exec(text) ?? [];
  return inside === undefined ? variable.read(text) : { problem: `which has quotes around it; write ${inside}` };
}

function isProblem(outcome: unknown): outcome is VariableProblem {
  return typeof outcome === 'object' && outcome !== null && 'problem' in outcome;
}
