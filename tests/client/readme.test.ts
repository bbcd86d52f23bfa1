import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { ClaimsData } from '../../src/features/claims/schemas.ts';
import type { useSnapshot } from './readme-hook.ts';

const ROOT = join(import.meta.dir, '../..');
/** Type-checked where it stands, as every file here is. */
const HOOK = join(import.meta.dir, 'readme-hook.ts');

/** What a component gets, in the server's own types. */
type Figures = NonNullable<ReturnType<typeof useSnapshot<'claims'>>>['data'];
const figuresAreTheServers: Figures extends ClaimsData ? true : never = true;

describe('the README', () => {
  test('shows the hook for React that is type-checked', async () => {
    const readme = await Bun.file(join(ROOT, 'README.md')).text();
    const hook = await Bun.file(HOOK).text();
    expect(figuresAreTheServers).toBe(true);
    expect(readme).toContain(`\`\`\`ts\n${hook}\`\`\`\n`);
  });
});
