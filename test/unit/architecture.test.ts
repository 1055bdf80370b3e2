import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sound, violations } from '../fixtures/architecture/violations.ts';
import { checkArchitecture, importTable } from '../support/architecture.ts';

const repository = join(import.meta.dirname, '../..');

describe('architecture', () => {
  let checked: Awaited<ReturnType<typeof checkArchitecture>>;
  before(async () => {
    checked = await checkArchitecture(repository);
  });

  it('holds in every source file', () => {
    assert.deepEqual(checked.violations, []);
  });

  it('was checked in every source file there is', async () => {
    const found = [...(await listSources('src')), ...(await listSources('webview-ui'))].sort();
    assert.deepEqual(
      checked.files.map(({ path }) => path),
      found,
    );
  });

  it('was checked on rooms that have files and imports', () => {
    const least = {
      vault: 15,
      models: 8,
      lab: 10,
      exchange: 5,
      publish: 3,
      code: 3,
      engine: 5,
      shared: 4,
      extension: 20,
    };
    for (const [room, count] of Object.entries(least)) {
      const files = checked.files.filter(({ path }) => path.startsWith(`src/${room}/`));
      assert.ok(files.length >= count, `${room} has ${files.length} files`);
      const local = files.flatMap(({ imports }) => imports).filter(({ target }) => target !== null);
      assert.ok(local.length >= count / 2, `${room} has ${local.length} imports`);
    }
    const kinds = checked.files.flatMap(({ imports }) => imports).map(({ typeOnly }) => typeOnly);
    assert.ok(kinds.filter(Boolean).length > 50, 'type imports were seen');
    assert.ok(kinds.filter((typeOnly) => !typeOnly).length > 100, 'run-time imports were seen');
  });

  it('lets no two rooms import each other', () => {
    for (const [from, permissions] of Object.entries(importTable)) {
      for (const to of Object.keys(permissions))
        assert.equal(from in (importTable[to] ?? {}), false, `${from} and ${to}`);
    }
  });

  it('finds nothing in a tree that only looks like violations', async () => {
    assert.deepEqual(await check({}), []);
  });

  for (const { breaks, files, finds } of violations) {
    it(`catches ${breaks}`, async () => {
      assert.deepEqual(await check(files), finds);
    });
  }
});

async function listSources(folder: string): Promise<string[]> {
  const entries = await readdir(join(repository, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(repository.length + 1)
        .replaceAll('\\', '/'),
    );
}

/** The violations in the sound tree with `files` added to it. */
async function check(files: Record<string, string>): Promise<[string, string][]> {
  const root = await mkdtemp(join(tmpdir(), 'promptvault-architecture-'));
  try {
    for (const [path, text] of Object.entries({ ...sound, ...files })) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    const { violations: found } = await checkArchitecture(root);
    return found.map(({ rule, file }) => [rule, file]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
