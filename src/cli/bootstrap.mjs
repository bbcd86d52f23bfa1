/**
 * From a fresh clone to a running program, with nothing installed but Node and npm:
 *
 *     node src/cli/bootstrap.mjs start [arguments of the server]   what `npm start` and `bun start` run
 *     node src/cli/bootstrap.mjs test [arguments of bun test]      what `npm test` and `bun run test` run
 *
 * The program runs on Bun, in the version that package.json pins. It is looked for in node_modules and on the PATH;
 * where it is missing, npm brings it into a folder of its own inside node_modules. Packages are installed when one is
 * missing, or when bun.lock is not the one that was last installed. What is in place costs a few milliseconds.
 *
 * This file is the only one that Node runs, so it is plain JavaScript without dependencies.
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
/** Outside what `bun install` manages, so that it stays when packages change. */
const OWN_BUN = join(MODULES, '.cache', 'bun');
const STAMP = join(MODULES, '.cache', 'installed');
const LOCK = join(ROOT, 'bun.lock');
const WINDOWS = process.platform === 'win32';

const COMMANDS = {
  // Where this process is killed outright, the server goes with it and leaves its port.
  start: ['--no-orphans', 'src/main.ts'],
  test: ['run', 'check'],
};

main();

function main() {
  const [command = '', ...rest] = process.argv.slice(2);
  if (!Object.keys(COMMANDS).includes(command)) fail(`say what to run: ${Object.keys(COMMANDS).join(' or ')}`);
  if (Number.parseInt(process.versions.node, 10) < REQUIRED_NODE) {
    fail(`Node ${process.versions.node} is too old: install Node ${REQUIRED_NODE} or later (https://nodejs.org)`);
  }
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const version = manifest.devDependencies.bun;
  const bun = findBun(version) ?? installBun(version);
  // A server is started where only what it needs is installed, as in a container, and must not fetch the rest there.
  const required =
    command === 'start' ? manifest.dependencies : { ...manifest.dependencies, ...manifest.devDependencies };
  if (!isInstalled(required)) installPackages(bun);
  run(bun, [...COMMANDS[command], ...rest]);
}

/** The path of a Bun of exactly this version, or undefined. */
function findBun(version) {
  const running = process.versions.bun === undefined ? [] : [process.execPath];
  return [...running, ...bunsIn(MODULES), ...bunsIn(join(OWN_BUN, 'node_modules')), 'bun'].find((candidate) => {
    // Asked, not read from a package.json: what was installed for another system is there and does not run.
    const { stdout } = spawnSync(candidate, ['--version'], { encoding: 'utf8', windowsHide: true });
    return stdout?.trim() === version;
  });
}

/**
 * Binaries in a node_modules folder. Package `bun` holds a placeholder until its install script has run, which npm and
 * others do not do unasked; the binary itself comes in a package for each system.
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
  // Another Bun runs this, where npm may well be missing: it can install the one that is pinned among the packages.
  if (process.versions.bun !== undefined) installPackages(process.execPath);
  else installBunWithNpm(version);
  return (
    findBun(version) ?? fail(`Bun ${version} was installed, but does not run on ${process.platform} ${process.arch}`)
  );
}

function installBunWithNpm(version) {
  const started = tell(`Bun ${version} is not here yet: getting it from the npm registry, into ${OWN_BUN}`);
  mkdirSync(OWN_BUN, { recursive: true });
  const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--include=optional', '--no-audit', '--no-fund'];
  // `--prefix .`, not the full path: where npm is a batch file, arguments go through a shell that splits at blanks.
  const { error, status } = spawnSync('npm', ['install', '--prefix', '.', ...flags, `bun@${version}`], {
    cwd: OWN_BUN,
    stdio: ['ignore', 2, 2],
    shell: WINDOWS,
  });
  if (error !== undefined) {
    fail(`npm could not be run (${error.message}): install npm, or Bun ${version} (https://bun.com), and try again`);
  }
  if (status !== 0) fail(`npm could not install Bun ${version} (exit code ${status}). ${unreachableAdvice()}`);
  tellDone(`Bun ${version} is in place`, started);
}

/** Whether every package is there in its version, and bun.lock has not changed since the last install that we know of. */
function isInstalled(required) {
  const stamped = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : undefined;
  if (stamped !== undefined && stamped !== lockDigest()) return false;
  return Object.entries(required).every(([name, version]) => {
    const path = join(MODULES, ...name.split('/'), 'package.json');
    return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).version === version;
  });
}

function installPackages(bun) {
  const started = tell('installing packages (bun install --frozen-lockfile)');
  const { error, status } = spawnSync(bun, ['install', '--frozen-lockfile'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (error !== undefined) fail(`${bun} could not be run: ${error.message}`);
  if (status !== 0) fail(`the packages could not be installed (exit code ${status}). ${unreachableAdvice()}`);
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, lockDigest());
  tellDone('packages are in place', started);
}

function lockDigest() {
  return createHash('sha256').update(readFileSync(LOCK)).digest('hex');
}

/** Runs the program in the foreground, and ends as it ends. */
function run(bun, args) {
  const child = spawn(bun, args, { cwd: ROOT, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the program as well; a second one might be taken for impatience.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  stopWithShell(() => child.kill('SIGTERM'));
  child.on('error', ({ message }) => fail(`${bun} could not be run: ${message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/**
 * A package manager passes SIGTERM on to the shell that it runs a script in, and that dies without telling anyone. A
 * parent that is no longer the same is all that is seen of it here.
 */
function stopWithShell(stop) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    stop();
  }, 250);
  watch.unref();
}

function unreachableAdvice() {
  return (
    'If the registry cannot be reached, see the lines above, then check the connection, the proxy (HTTPS_PROXY) and ' +
    'the address that "npm config get registry" prints'
  );
}

/** @returns when it started, for tellDone */
function tell(text) {
  process.stderr.write(`greg-bi: ${text}\n`);
  return performance.now();
}

function tellDone(text, started) {
  tell(`${text}, after ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function fail(text) {
  tell(text);
  process.exit(1);
}
