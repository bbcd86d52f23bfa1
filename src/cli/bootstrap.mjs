/**
 * From a fresh clone to a running program, with only Node and npm installed. Every script of package.json starts here, so
 * `npm start`, `npm test`, `npm run doctor -- --json` and the same with `bun run` need nothing else:
 *
 *     node src/cli/bootstrap.mjs <script> [arguments of its program]
 *
 * The program runs on Bun, in the version that package.json pins, from node_modules or the PATH. If it is missing, npm
 * installs it into its own folder inside node_modules. Packages are installed when one is missing, or when bun.lock has
 * changed since the last install. If nothing is missing, all this takes a few milliseconds.
 *
 * Node runs only this file, so it is plain JavaScript without dependencies.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REQUIRED_NODE = 20;
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const MODULES = join(ROOT, 'node_modules');
/** Outside what `bun install` manages, so it stays when packages change. */
const OWN_BUN = join(MODULES, '.cache', 'bun');
const STAMP = join(MODULES, '.cache', 'installed');
const LOCK = join(ROOT, 'bun.lock');
/** The files for browsers (src/open-assets.ts). */
const ASSETS = join(ROOT, 'build');
const WINDOWS = process.platform === 'win32';
const WATCH_EVERY_MS = 250;
/** Longer than the server takes to stop. */
const KILL_AFTER_MS = 10_000;
/** Nested shells between a package manager and this program. */
const MAX_SHELLS = 8;

/** Our own programs read `.env` themselves. If this process is killed, they end too. */
const PROGRAM = ['--no-orphans', '--no-env-file'];
/** Programs of packages run on Bun too, even if they ask for Node. */
const TOOL = ['--no-orphans', '--no-env-file', 'run', '--bun'];

/** These need no development packages: a container has none and must not download them. */
const SERVER_COMMANDS = {
  start: [...PROGRAM, 'src/main.ts'],
  doctor: [...PROGRAM, 'src/cli/doctor.ts'],
  export: [...PROGRAM, 'src/cli/export.ts'],
  'demo:load': [...PROGRAM, 'src/cli/demo-load.ts'],
};
const COMMANDS = {
  ...SERVER_COMMANDS,
  test: [...PROGRAM, 'tests/check.ts'],
  'test:fast': [...PROGRAM, 'tests/run.ts', '--lane=fast'],
  'test:slow': [...PROGRAM, 'tests/run.ts', '--lane=slow,alone'],
  'test:some': [...PROGRAM, 'tests/run.ts'],
  dev: [...PROGRAM, '--watch', 'src/main.ts', '--watch-page'],
  assets: [...PROGRAM, 'src/cli/assets.ts'],
  screenshots: [...PROGRAM, 'tests/browser/screenshots.ts'],
  document: [...PROGRAM, 'src/cli/document.ts'],
  'new-feature': [...PROGRAM, 'src/cli/new-feature.ts'],
  bench: [...PROGRAM, 'bench/run.ts'],
  format: [...TOOL, 'biome', 'check', '--write', '.'],
  lint: [...TOOL, 'biome', 'check', '--error-on-warnings', '.'],
  walls: [...TOOL, 'depcruise', '--config', '.dependency-cruiser.mjs', 'src'],
  unused: [...TOOL, 'knip'],
  // The page sees the browser's types, and the server must not: each has a configuration of its own.
  types: [...TOOL, 'tsc', '--build', '--noEmit', 'tsconfig.json', 'src/web/tsconfig.json', 'tests/web/tsconfig.json'],
};

main();

function main() {
  const [command = '', ...rest] = process.argv.slice(2);
  if (!Object.hasOwn(COMMANDS, command)) fail(`say what to run: ${Object.keys(COMMANDS).join(', ')}`);
  if (Number.parseInt(process.versions.node, 10) < REQUIRED_NODE) {
    fail(`Node ${process.versions.node} is too old: install Node ${REQUIRED_NODE} or later (https://nodejs.org)`);
  }
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const version = manifest.devDependencies.bun;
  const bun = findBun(version) ?? installBun(version);
  // The first start builds the files for browsers, from development packages.
  const isProduction = command in SERVER_COMMANDS && (command !== 'start' || hasAssets());
  const required = isProduction ? manifest.dependencies : { ...manifest.dependencies, ...manifest.devDependencies };
  if (!isInstalled(required)) installPackages(bun);
  run(bun, [...COMMANDS[command], ...rest]);
}

function hasAssets() {
  return existsSync(ASSETS) && readdirSync(ASSETS).length > 0;
}

/** The path of a Bun of exactly this version, or undefined. */
function findBun(version) {
  const running = process.versions.bun === undefined ? [] : [process.execPath];
  return [...running, ...bunsIn(MODULES), ...bunsIn(join(OWN_BUN, 'node_modules')), 'bun'].find((candidate) => {
    // Runs it rather than reading a package.json: a Bun installed for another system exists but does not run.
    const { stdout } = spawnSync(candidate, ['--version'], { encoding: 'utf8', windowsHide: true });
    return stdout?.trim() === version;
  });
}

/**
 * Binaries in a node_modules folder. Package `bun` holds a placeholder until its install script runs, which package
 * managers may skip; the binary itself is in a package for each system.
 */
function bunsIn(modules) {
  const scope = join(modules, '@oven');
  const systems = existsSync(scope) ? readdirSync(scope).filter((name) => name.startsWith('bun-')) : [];
  const binary = WINDOWS ? 'bun.exe' : 'bun';
  return [join(modules, 'bun', 'bin', 'bun.exe'), ...systems.map((name) => join(scope, name, 'bin', binary))].filter(
    existsSync,
  );
}

function installBun(version) {
  // Another version of Bun runs this, perhaps without npm: it can install the pinned one with the packages.
  if (process.versions.bun !== undefined) installPackages(process.execPath);
  else installBunWithNpm(version);
  return (
    findBun(version) ?? fail(`Bun ${version} was installed, but does not run on ${process.platform} ${process.arch}`)
  );
}

function installBunWithNpm(version) {
  const started = report(`Bun ${version} is missing: installing it from the npm registry into ${OWN_BUN}`);
  mkdirSync(OWN_BUN, { recursive: true });
  const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--include=optional', '--no-audit', '--no-fund'];
  // `--prefix .`, not the full path: where npm is a batch file, arguments pass through a shell that splits them at blanks.
  const { error, status } = spawnSync('npm', ['install', '--prefix', '.', ...flags, `bun@${version}`], {
    cwd: OWN_BUN,
    stdio: ['ignore', 2, 2],
    shell: WINDOWS,
  });
  if (error !== undefined) {
    fail(`npm could not be run (${error.message}): install npm, or Bun ${version} (https://bun.com), and try again`);
  }
  if (status !== 0) fail(`npm could not install Bun ${version} (exit code ${status}). ${unreachableAdvice()}`);
  reportDone(`Bun ${version} is installed`, started);
}

/** Whether every package is there in its version, and bun.lock has not changed since the last known install. */
function isInstalled(required) {
  const stamped = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : undefined;
  if (stamped !== undefined && stamped !== lockDigest()) return false;
  return Object.entries(required).every(([name, version]) => {
    const path = join(MODULES, ...name.split('/'), 'package.json');
    return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).version === version;
  });
}

function installPackages(bun) {
  const started = report('installing packages (bun install --frozen-lockfile)');
  const { error, status } = spawnSync(bun, ['install', '--frozen-lockfile'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (error !== undefined) fail(`${bun} could not be run: ${error.message}`);
  if (status !== 0) fail(`the packages could not be installed (exit code ${status}). ${unreachableAdvice()}`);
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, lockDigest());
  reportDone('packages are installed', started);
}

function lockDigest() {
  return createHash('sha256').update(readFileSync(LOCK)).digest('hex');
}

/** Runs the program in the foreground, and exits with its code. */
function run(bun, args) {
  // Read first: once the program runs, the package manager may be killed at any moment.
  const parents = parentsUpToManager();
  let isStopping = false;
  const stop = (signal) => {
    isStopping = true;
    child.kill(signal);
  };
  // Before the start: on a busy machine a signal may come before the lines after it have run.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the program as well; a second signal would end it at once.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) stop(signal);
    });
  }
  const child = spawn(bun, args, { cwd: ROOT, stdio: 'inherit' });
  onParentGone(parents, () => {
    if (!isStopping) stop('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref();
  });
  child.on('error', ({ message }) => fail(`${bun} could not be run: ${message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/**
 * A package manager runs a script in a shell. When it is killed, neither the shell nor this process gets a signal; a
 * SIGTERM ends the shell, which does not pass it on. So each parent up to the package manager is watched: a process whose
 * parent has changed has lost it.
 */
function onParentGone(parents, stop) {
  if (parents.length === 0) return;
  const watch = setInterval(() => {
    if (parents.every(({ child, parent }) => parentOf(child) === parent)) return;
    clearInterval(watch);
    stop();
  }, WATCH_EVERY_MS);
  watch.unref();
}

/** This process and the shells above it, each with its parent; none if no package manager runs it. */
function parentsUpToManager() {
  const parents = [];
  if (process.env.npm_lifecycle_event === undefined) return parents;
  for (let child = process.pid; parents.length < MAX_SHELLS; ) {
    const parent = parentOf(child);
    if (parent === undefined) break;
    parents.push({ child, parent });
    if (!isShell(parent)) break;
    child = parent;
  }
  return parents;
}

/** Undefined if unknown: for other processes only Linux shows it without starting a program. */
function parentOf(pid) {
  if (pid === process.pid) return process.ppid;
  return Number(statOf(pid)?.[2]) || undefined;
}

function isShell(pid) {
  return /^(?:ba|da|a|k|z|fi)?sh$/.test(statOf(pid)?.[1] ?? '');
}

/** Name and parent of a process (proc_pid_stat(5)). */
function statOf(pid) {
  try {
    return /\((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? undefined;
  } catch {
    return undefined;
  }
}

function unreachableAdvice() {
  return (
    'If the registry cannot be reached, see the lines above, then check the connection, the proxy (HTTPS_PROXY) and ' +
    'the address that "npm config get registry" prints'
  );
}

/** @returns when it started, for reportDone */
function report(text) {
  process.stderr.write(`greg-bi: ${text}\n`);
  return performance.now();
}

function reportDone(text, started) {
  report(`${text}, after ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function fail(text) {
  report(text);
  process.exit(1);
}
