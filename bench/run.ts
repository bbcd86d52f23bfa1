/** `npm run bench` runs all benchmarks one after the other; `npm run bench -- rest start` only some. */
const BENCHMARKS = [
  'rest',
  'fan-out',
  'signalr-fan-out',
  'refresh',
  'apply',
  'latency',
  'memory',
  'start',
  'page',
  'statements',
  'load',
  'history',
];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !BENCHMARKS.includes(name));
if (unknown.length > 0) {
  console.error(`No such benchmark: ${unknown.join(', ')}. There are ${BENCHMARKS.join(', ')}.`);
  process.exit(2);
}

let failed = false;
for (const name of asked.length > 0 ? asked : BENCHMARKS) {
  // Each has its own process, so that none inherits the heap of the previous one.
  const { exitCode } = Bun.spawnSync([process.execPath, `${import.meta.dir}/${name}.ts`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  failed ||= exitCode !== 0;
}
process.exit(failed ? 1 : 0);
