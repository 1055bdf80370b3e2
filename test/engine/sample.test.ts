import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findReferences } from '../../src/code/findReferences.ts';
import type { PromptList } from '../../src/vault/types.ts';

const repository = join(import.meta.dirname, '../..');

describe('the sample workspace of npm start', () => {
  let home: string;
  let folder: string;
  const make = () => execFileSync(process.execPath, ['scripts/sample.mjs', folder], { cwd: repository });
  const list = (): PromptList => {
    const output = execFileSync(process.execPath, [join(repository, 'dist/cli.js'), 'list', '--json'], { cwd: folder });
    return JSON.parse(output.toString()) as PromptList;
  };

  before(function () {
    this.timeout(120_000);
    home = mkdtempSync(join(tmpdir(), 'promptvault-sample-'));
    folder = join(home, 'sample');
    make();
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  it('has ten prompts, and some in every stage', () => {
    const { total, prompts } = list();
    assert.equal(total, 10);
    const has = (stage: 'DEV' | 'TST' | 'PRD' | 'RET') => prompts.filter(({ stages }) => stages[stage]).length;
    assert.deepEqual([has('DEV') > 1, has('TST') > 1, has('PRD') > 1, has('RET') > 1], [true, true, true, true]);
  });

  it('refers in its sources only to prompts it has', () => {
    const paths = new Set(list().prompts.map(({ path }) => path));
    const sources = { 'src/support.ts': 'typescript', 'src/triage.py': 'python' };
    for (const [file, language] of Object.entries(sources)) {
      const found = findReferences(readFileSync(join(folder, file), 'utf8'), language).map(({ path }) => path);
      assert.ok(found.length >= 3, `${file} refers to ${found.length}`);
      assert.deepEqual(
        found.filter((path) => !paths.has(path)),
        [],
      );
    }
  });

  it('stays as somebody left it when it is made again', () => {
    writeFileSync(join(folder, 'README.md'), 'mine');
    const vault = readFileSync(join(folder, '.promptvault/vault.db'));
    make();
    assert.equal(readFileSync(join(folder, 'README.md'), 'utf8'), 'mine');
    assert.ok(vault.equals(readFileSync(join(folder, '.promptvault/vault.db'))));
  });
});
