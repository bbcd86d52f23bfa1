import { isIP } from 'node:net';
import { ALL_HUBS } from '../core/notifications/notification.ts';
import { hostOf, isPrivateName, kindOfPrivateAddress } from '../core/outlets/private-address.ts';
import type { EnvironmentReader } from './environment-reader.ts';
import { flag, InvalidValueError, type Kind } from './kinds.ts';

const MOST_ADDRESSES = 10;
const FORMATS = ['slack', 'teams'] as const;
const SEVERITIES = ['info', 'warning', 'critical'] as const;

/** The receivers of notifications; null without any. */
export function readWebhooks(reader: EnvironmentReader, features: readonly string[]) {
  const { read } = reader.section('Webhooks');
  const { read: readOption, usedIf } = reader.section('Webhooks');
  const allowPrivate = readOption('NOTIFY_ALLOW_PRIVATE', flag, false, {
    help: 'Send notifications to private addresses too, and without TLS',
  });
  const addresses = read('NOTIFY_WEBHOOKS', webhookAddresses({ hubs: [...features, ALL_HUBS], allowPrivate }), null, {
    help: 'Addresses that notifications are sent to, separated by blanks or commas; see "Webhooks"',
    isSecret: true,
  });
  const secrets = readOption('NOTIFY_WEBHOOK_SECRET', webhookSecrets, null, {
    help: `Secret that signs them: \`${HOW_TO_MAKE_ONE}\`; several, separated by blanks, while it is changed`,
    isSecret: true,
  });
  usedIf(addresses !== null, 'without NOTIFY_WEBHOOKS no notification is sent anywhere');
  if (addresses === null) return null;
  const signed = addresses.find(({ format }) => format === 'standard');
  if (secrets === null && signed !== undefined && !reader.isSet('NOTIFY_WEBHOOK_SECRET')) {
    const { host } = new URL(signed.url);
    reader.problems.push(
      `NOTIFY_WEBHOOK_SECRET: is not set, and what is sent to ${host} must be signed; make one with ${HOW_TO_MAKE_ONE}`,
    );
  }
  if (secrets !== null && signed === undefined) {
    reader.notices.push('NOTIFY_WEBHOOK_SECRET is not used: Slack and Teams take no signature');
  }
  return { addresses, secrets: secrets ?? [], allowPrivate };
}

const HOW_TO_MAKE_ONE = 'echo "whsec_$(openssl rand -base64 24)"';

/** Separated by blanks. Standard Webhooks 1.0.0, "Signature scheme": 24 to 64 random bytes. */
const webhookSecrets: Kind<readonly string[]> = {
  type: 'text',
  parse(value) {
    const secrets = value.trim().split(/\s+/);
    const wrong = secrets.findIndex((secret) => !isSecret(secret));
    if (wrong < 0) return secrets;
    throw new InvalidValueError(
      `has no secret as number ${wrong + 1}; one is whsec_ and 24 to 64 bytes in base64, as by ${HOW_TO_MAKE_ONE}`,
    );
  },
};

function isSecret(text: string): boolean {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  if (encoded === undefined) return false;
  const bytes = Buffer.from(encoded, 'base64');
  // Other decoders refuse what this one only skips.
  return bytes.toString('base64') === encoded && bytes.length >= 24 && bytes.length <= 64;
}

interface AddressRules {
  readonly hubs: readonly string[];
  readonly allowPrivate: boolean;
}

function webhookAddresses(rules: AddressRules) {
  return {
    type: 'list',
    parse(value: string) {
      const items = value.split(/[\s,]+/).filter((item) => item !== '');
      if (items.length === 0) throw new InvalidValueError('lists nothing; name at least one address');
      if (items.length > MOST_ADDRESSES) {
        throw new InvalidValueError(`lists ${items.length} addresses; at most ${MOST_ADDRESSES} are possible`);
      }
      const addresses = items.map((item, index) => parseAddress(item, index + 1, rules));
      const twice = addresses.find(({ url }, index) => addresses.findIndex((other) => other.url === url) !== index);
      if (twice === undefined) return addresses;
      throw new InvalidValueError(`lists an address at ${new URL(twice.url).host} twice; list it once`);
    },
  };
}

/** Messages name the host at most: the path of an address is as good as a password. */
function parseAddress(item: string, number: number, rules: AddressRules) {
  const { rest, own } = withoutOwnParameters(item);
  const url = URL.parse(rest);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidValueError(`lists no address as number ${number}; https://… is one, with %2C for a comma`);
  }
  const wrong = problemOfUrl(url, rules);
  if (wrong !== undefined) throw new InvalidValueError(`lists ${url.host} as number ${number}, which ${wrong}`);
  const choose = <const Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice => {
    const [value, ...others] = own(name);
    if (value === undefined) return fallback;
    const choice = choices.find((each) => each === value);
    if (choice !== undefined && others.length === 0) return choice;
    const found = `${name}=${[value, ...others].join(`&${name}=`)}`;
    throw new InvalidValueError(`lists ${url.host} with ${found}; one of ${choices.join(', ')} would do`);
  };
  return {
    url: url.href,
    format: choose<(typeof FORMATS)[number] | 'standard'>('format', [...FORMATS, 'standard'], 'standard'),
    severity: choose('severity', SEVERITIES, 'info'),
    hubs: hubsOf(own('hub'), url.host, rules.hubs),
  };
}

function problemOfUrl(url: URL, { allowPrivate }: AddressRules): string | undefined {
  if (url.username !== '' || url.password !== '') return 'has a login in it; receivers check the signature instead';
  if (allowPrivate) return undefined;
  const host = hostOf(url);
  const kind = isPrivateName(host) ? 'a private name' : isIP(host) === 0 ? undefined : kindOfPrivateAddress(host);
  if (kind !== undefined) return `is ${kind}; NOTIFY_ALLOW_PRIVATE=true allows that`;
  return url.protocol === 'https:' ? undefined : 'is called without TLS; write https://, or NOTIFY_ALLOW_PRIVATE=true';
}

function hubsOf(values: readonly string[], host: string, hubs: readonly string[]): readonly string[] | null {
  const names = values.flatMap((value) => value.split(/[\s+]+/).filter((name) => name !== ''));
  if (values.length === 0) return null;
  const wrong = names.find((name) => !hubs.includes(name));
  if (names.length > 0 && wrong === undefined) return [...new Set(names)];
  throw new InvalidValueError(`lists ${host} with hub=${wrong ?? ''}; the hubs are ${hubs.join(', ')}`);
}

const OWN_PARAMETERS = ['format', 'severity', 'hub'];

/** Takes our parameters off. The others stay byte for byte, since a signature may depend on them. */
function withoutOwnParameters(item: string) {
  const [, base = '', search = ''] = /^([^?#]*)\??([^#]*)/.exec(item) ?? [];
  const isOwn = (parameter: string) => OWN_PARAMETERS.includes(parameter.split('=', 1)[0] ?? '');
  const { own = [], others = [] } = Object.groupBy(search.split('&'), (each) => (isOwn(each) ? 'own' : 'others'));
  const values = new URLSearchParams(own.join('&'));
  const rest = others.join('&');
  return { rest: rest === '' ? base : `${base}?${rest}`, own: (name: string) => values.getAll(name) };
}
