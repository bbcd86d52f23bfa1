import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Glob } from 'bun';

/** The version of the SDK, and so of the runtime, that the programs are written for. */
const SDK_MAJOR = 10;
/** A first build restores packages too, ms; it takes a few seconds where they are at hand. */
export const BUILD_WITHIN_MS = 180_000;
/** Builds are kept for the next run, outside the repository. */
const BUILT = join(tmpdir(), 'greg-bi-dotnet');

const ENVIRONMENT = { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' };

/** Why .NET programs cannot be built and run here; null if they can. */
export const dotnetMissing: string | null = whyMissing();

function whyMissing(): string | null {
  if (Bun.which('dotnet') === null) return 'there is no dotnet on PATH';
  const { stdout } = Bun.spawnSync(['dotnet', '--list-sdks'], { env: ENVIRONMENT });
  const sdks = stdout.toString().trim().split('\n');
  if (sdks.some((line) => line.startsWith(`${SDK_MAJOR}.`))) return null;
  return `the .NET SDK ${SDK_MAJOR} is missing; found: ${sdks.join(', ') || 'none'}`;
}

/**
 * Builds a program of this folder, unless the same sources were built before.
 *
 * @param project its folder, which holds one project of the same name
 * @returns the path of the assembly, for `dotnet <path>`
 * @throws Error with the compiler's words
 */
export async function buildDotnet(
  project: 'client' | 'reference-hub' | 'tsql-grammar',
  assembly: string,
): Promise<string> {
  const sources = join(import.meta.dir, project);
  const built = join(BUILT, `${project}-${await fingerprint(sources)}`);
  const path = join(built, assembly);
  if (await Bun.file(path).exists()) return path;
  await mkdir(BUILT, { recursive: true });
  const workshop = await mkdtemp(join(BUILT, 'building-'));
  try {
    await runBuild(sources, workshop);
    // In one step, so that a concurrent build finds all of it or nothing.
    await rename(join(workshop, 'out'), built).catch(async (error: unknown) => {
      if (!(await Bun.file(path).exists())) throw error;
    });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  return path;
}

async function runBuild(sources: string, workshop: string): Promise<void> {
  const child = Bun.spawn(
    [
      ...['dotnet', 'build', sources, '--configuration', 'Release', '--output', join(workshop, 'out')],
      ...['--artifacts-path', join(workshop, 'artifacts')],
      // Compiler servers would outlive the tests.
      ...['-nodeReuse:false', '-p:UseSharedCompilation=false'],
    ],
    { env: ENVIRONMENT, stdin: 'ignore', stdout: 'pipe', stderr: 'inherit', timeout: BUILD_WITHIN_MS },
  );
  const output = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`${sources} was not built:\n${output.slice(-4_000)}`);
}

/** A digest of the sources. */
async function fingerprint(sources: string): Promise<string> {
  const hash = new Bun.CryptoHasher('sha256');
  for (const name of [...new Glob('*.{cs,csproj}').scanSync(sources)].sort()) {
    hash.update(name).update(await Bun.file(join(sources, name)).bytes());
  }
  return hash.digest('hex').slice(0, 16);
}
