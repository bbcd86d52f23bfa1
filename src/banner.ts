import type { Config } from './config/config.ts';

export interface BannerOptions {
  readonly config: Config;
  readonly url: URL;
  readonly hubs: readonly string[];
  /** What is read, in words. */
  readonly sources: string;
  readonly notices: readonly string[];
}

/** What a person sees once the server runs: where to look, what is read, who may. */
export function banner({ config, url, hubs, sources, notices }: BannerOptions): string {
  // Addresses that stand for all of them are none that a browser could open.
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
    ['Emission', `at most once every ${config.emission.intervalMs} ms a hub`],
    ...notices.map((notice) => ['Note', notice]),
  ];
  return `\nGreg BI is running\n${lines.map(([label = '', text = '']) => `  ${label.padEnd(9)} ${text}`).join('\n')}\n`;
}
