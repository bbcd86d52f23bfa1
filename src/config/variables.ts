import { isIP } from 'node:net';
import { DEFAULT_TIMINGS } from '../core/runtime/actor-state.ts';
import { DATABASE_VARIABLES } from './databases.ts';
import { MIRROR_VARIABLES } from './mirror.ts';
import { READERS } from './readers.ts';
import { SERVICE_VARIABLES } from './services.ts';

const { text, path, wholeNumber, decimal, flag, list, oneOf } = READERS;

const LOCAL_ORIGINS = [5173, 5045].flatMap((port) => [`http://localhost:${port}`, `http://127.0.0.1:${port}`]);

/** As browsers send it: a text that differs in a slash at the end would never match. */
const ORIGIN = {
  form: 'an origin is a scheme, a host and a port where it is not the usual one, such as https://admin.example',
  fits: (text: string) => /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text,
};

/** The host alone: what has a scheme, a port or brackets would be looked up as a name. */
const HOST = {
  form: 'an IP address of this machine or its name, without a port; 0.0.0.0 is every address',
  fits: (text: string) => isIP(text) !== 0 || /^[\p{L}\d]([\p{L}\d._-]*[\p{L}\d])?$/u.test(text),
};

/** Every variable: its names (the first that is set counts), type, default, and one line of help. */
export const VARIABLES = {
  HOST: text({
    help: 'Address to listen on; without a secret always 127.0.0.1',
    fallback: '0.0.0.0',
    ...HOST,
  }),
  PORT: wholeNumber({ help: 'Port to listen on; 0 takes any free one', fallback: 8000, minimum: 0, maximum: 65_535 }),
  ...DATABASE_VARIABLES,
  ...SERVICE_VARIABLES,
  ...MIRROR_VARIABLES,
  DEMO_DIR: path({
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
    help: 'A hub sends at most once in this time; `EMIT_INTERVAL_MS_<HUB>` overrides it for one hub',
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
  STATE_DIR: path({ help: 'Folder for what must outlive a restart, such as sequence numbers', fallback: 'output' }),
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
