import { join } from 'node:path';

const PRISM = join(import.meta.dir, '../../node_modules/@stoplight/prism-cli/dist/index.js');
/** However long the tests take, the process does not outlive this. */
const LONGEST_LIFE_MS = 300_000;

export interface PrismProxy {
  readonly url: string;
  /** Its output so far. */
  readonly log: () => string;
  stop(): Promise<void>;
}

/**
 * Starts `prism proxy --errors` on a free port: whatever goes through it and differs from the document is answered with
 * an error that tells how.
 *
 * @param checksRequests whether requests that the document does not allow are stopped as well
 */
export async function startPrism(document: string, upstream: string, checksRequests: boolean): Promise<PrismProxy> {
  const options = ['--errors', '--port', '0', '--validate-request', String(checksRequests)];
  const prism = Bun.spawn([process.execPath, PRISM, 'proxy', document, upstream, ...options], {
    stdout: 'pipe',
    stderr: 'ignore',
    timeout: LONGEST_LIFE_MS,
  });
  let log = '';
  const listening = Promise.withResolvers<string>();
  const read = async () => {
    for await (const chunk of prism.stdout.pipeThrough(new TextDecoderStream())) {
      log += chunk;
      const [, url] = /Prism is listening on (\S+)/.exec(log) ?? [];
      if (url !== undefined) listening.resolve(url);
    }
    listening.reject(new Error(`Prism ended before it listened: ${log}`));
  };
  read().catch(listening.reject);
  return {
    url: await listening.promise,
    log: () => log,
    async stop() {
      prism.kill();
      await prism.exited;
    },
  };
}
