import type { Config } from './config/config.ts';

export interface BannerOptions {
  readonly config: Config;
  readonly url: URL;
  readonly hubs: readonly string[];
  /** Describes the sources. */
  readonly sources: string;
  readonly notices: readonly string[];
}

/** The text printed at the start: addresses, sources, access. */
export function banner({ config, url, hubs, sources, notices }: BannerOptions): string {
  // A browser cannot open a wildcard address.
  const host = ['127.0.0.1', '0.0.0.0', '[::]'].includes(url.hostname) ? 'localhost' : url.hostname;
  const base = `http://${host}:${url.port}`;
  const { secret, roles } = config.access;
  const lines = [
    ['Page', `${base}/`],
    ['Explore', `${base}/swagger`],
    ['REST', `${base}/api/{feature}`],
    ['Hubs', `ws${base.slice('http'.length)}/hubs/{${hubs.join('|')}}`],
    ['Status', `${base}/health  ${base}/ready  ${base}/ws/status`],
    ['Sources', sources],
    [
      'Access',
      secret === null
        ? 'OFF: no JWT_SECRET, so it listens on 127.0.0.1 only and anyone on this machine may read'
        : `on: tokens with a role of ${roles.join(', ')}`,
    ],
    ['Settings', config.origin],
    ['Emission', `at most once every ${config.emission.intervalMs} ms per hub`],
    ...notices.map((notice) => ['Note', notice]),
  ];
  return `\nGreg BI is running\n${lines.map(([label = '', text = '']) => `  ${label.padEnd(9)} ${text}`).join('\n')}\n`;
}
