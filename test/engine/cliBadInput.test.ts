import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type CliOptions, jsonOf, runCli, temporaryFolder } from '../support/cliProcess.ts';

type Failure = { error: { code: string; message: string; details: Record<string, unknown> } };
type Bad = {
  what: string;
  args: string[];
  code: string;
  exit: number;
  stdin?: string | Uint8Array;
  details?: string[];
};

const table: Bad[] = [
  { what: 'an unknown verb', args: ['lst'], code: 'USAGE', exit: 2 },
  { what: 'an unknown option', args: ['list', '--colour'], code: 'USAGE', exit: 2 },
  { what: 'a missing word', args: ['show'], code: 'USAGE', exit: 2 },
  { what: 'a word too many', args: ['show', 'a', 'b'], code: 'USAGE', exit: 2 },
  { what: 'no number where one belongs', args: ['list', '--limit', 'ten'], code: 'USAGE', exit: 2 },
  { what: 'a stage that is none', args: ['list', '--stage', 'LIVE'], code: 'USAGE', exit: 2 },
  { what: 'an unknown import format', args: ['import', '.', '--format', 'docx'], code: 'USAGE', exit: 2 },
  { what: 'a rollback without a reason', args: ['rollback', 'live', '--to', '1.0'], code: 'USAGE', exit: 2 },
  { what: 'a deletion without --yes', args: ['delete', 'draft'], code: 'USAGE', exit: 2 },
  { what: 'a --var without a value', args: ['render', 'draft', '--var', 'name'], code: 'USAGE', exit: 2 },
  { what: 'a sync to nowhere', args: ['sync'], code: 'USAGE', exit: 2 },
  { what: 'a run without a model', args: ['test', 'draft'], code: 'USAGE', exit: 2 },
  { what: 'an illegal name', args: ['new', 'häßlich'], stdin: 'x', code: 'INVALID_PATH', exit: 2, details: ['path'] },
  { what: 'a path that climbs', args: ['new', '../up'], stdin: 'x', code: 'INVALID_PATH', exit: 2, details: ['path'] },
  { what: 'an empty body', args: ['new', 'empty'], stdin: ' \n', code: 'INVALID_INPUT', exit: 2, details: ['field'] },
  { what: 'a model that is none', args: ['test', 'draft', '--model', 'gpt'], code: 'INVALID_INPUT', exit: 2 },
  {
    what: 'an unknown variable',
    args: ['render', 'draft', '--var', 'nmae=x'],
    code: 'VARIABLES',
    exit: 2,
    details: ['missing', 'unknown'],
  },
  { what: 'a duplicate path', args: ['new', 'draft'], stdin: 'x', code: 'EXISTS', exit: 5, details: ['path'] },
  {
    what: 'a stale save',
    args: ['edit', 'draft', '--expect-revision', '7'],
    stdin: 'x',
    code: 'CONFLICT',
    exit: 5,
    details: ['expected', 'actual'],
  },
  {
    what: 'an edit of production',
    args: ['edit', 'live'],
    stdin: 'x',
    code: 'RULE',
    exit: 3,
    details: ['stage', 'action'],
  },
  { what: 'a promotion of production', args: ['promote', 'live'], code: 'RULE', exit: 3 },
  { what: 'a deletion of production', args: ['delete', 'live', '--yes'], code: 'RULE', exit: 3 },
  { what: 'a prompt that is not there', args: ['show', 'nobody'], code: 'NOT_FOUND', exit: 4 },
  { what: 'nothing in production', args: ['get', 'draft'], code: 'NOT_FOUND', exit: 4 },
  {
    what: 'a missing body file',
    args: ['new', 'n', '--file', 'none.md'],
    code: 'FILE_NOT_FOUND',
    exit: 4,
    details: ['file'],
  },
  { what: 'a missing import folder', args: ['import', 'none'], code: 'FILE_NOT_FOUND', exit: 4, details: ['file'] },
  {
    what: 'a missing cases file',
    args: ['test', 'draft', '--model', 'echo:echo', '--cases', 'none.csv'],
    code: 'FILE_NOT_FOUND',
    exit: 4,
  },
  {
    what: 'a report in no folder',
    args: ['test', 'draft', '--model', 'echo:echo', '--junit', 'no/r.xml'],
    code: 'FILE_NOT_FOUND',
    exit: 4,
  },
  {
    what: 'a wrong encoding',
    args: ['new', 'n'],
    stdin: Buffer.from('Gr\xfc\xdfe', 'latin1'),
    code: 'BAD_FILE',
    exit: 1,
    details: ['file', 'reason'],
  },
  {
    what: 'ragged rows',
    args: ['test', 'draft', '--model', 'echo:echo', '--cases', 'ragged.csv'],
    code: 'BAD_FILE',
    exit: 1,
    details: ['file', 'line', 'reason'],
  },
  { what: 'values that are not JSON', args: ['render', 'draft', '--vars', 'ragged.csv'], code: 'BAD_FILE', exit: 1 },
  {
    what: 'no key',
    args: ['test', 'draft', '--model', 'openai:gpt-5-mini', '--cases', 'ok.csv'],
    code: 'KEY_MISSING',
    exit: 1,
    details: ['vendor', 'variable'],
  },
  {
    what: 'a vault that is not ours',
    args: ['list', '--vault', 'foreign.db'],
    code: 'FOREIGN',
    exit: 6,
    details: ['file'],
  },
  { what: 'a text file for a vault', args: ['init', '--vault', 'ragged.csv'], code: 'FOREIGN', exit: 6 },
  {
    what: 'a vault file that is not there',
    args: ['list', '--vault', 'none.db'],
    code: 'FILE_NOT_FOUND',
    exit: 4,
    details: ['file'],
  },
];

describe('bad input to the command line', () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder.path(), name);
  const files = ['.promptvault/vault.db', 'foreign.db', 'ragged.csv'];
  const digest = () =>
    files.map((name) =>
      createHash('sha256')
        .update(readFileSync(at(name)))
        .digest('hex'),
    );
  const options = (stdin?: string | Uint8Array): CliOptions => ({ cwd: folder.path(), stdin });

  before(async () => {
    writeFileSync(at('ragged.csv'), 'name,city\nAda,London\nBob\n');
    writeFileSync(at('ok.csv'), 'name\nAda\n');
    const foreign = new DatabaseSync(at('foreign.db'));
    foreign.exec("CREATE TABLE prompts (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO prompts VALUES (1, 'theirs')");
    foreign.close();
    await jsonOf(['init'], options());
    await jsonOf(['new', 'draft'], options('Hello {{name}}'));
    await jsonOf(['new', 'live'], options('Hi'));
    for (let step = 0; step < 2; step++) await jsonOf(['promote', 'live'], options());
  });

  for (const { what, args, code, exit, stdin, details = [] } of table) {
    it(`${what} is ${code}, exit ${exit}, and nothing is lost`, async () => {
      const before = digest();
      const result = await runCli([...args, '--json'], options(stdin));
      assert.equal(result.exit, exit, result.stdout + result.stderr);
      const { error } = JSON.parse(result.stdout) as Failure;
      assert.equal(error.code, code, error.message);
      for (const name of details) assert.ok(Object.hasOwn(error.details, name), `details.${name}`);
      assert.ok(error.message.length > 10);
      assert.doesNotMatch(error.message, /\n\s+at /);
      assert.deepEqual(digest(), before);
    });
  }

  it('an endpoint that is down is an error cell and exit 100', async () => {
    const args = ['test', 'draft', '--model', 'compatible:any', '--cases', 'ok.csv', '--json'];
    const { exit, stdout } = await runCli(args, {
      ...options(),
      env: { PROMPTVAULT_COMPATIBLE_URL: 'http://127.0.0.1:1' },
    });
    assert.equal(exit, 100);
    const { cells } = JSON.parse(stdout) as { cells: { status: string; error: { code: string } }[] };
    assert.deepEqual([cells[0]?.status, cells[0]?.error.code], ['error', 'PROVIDER']);
  }).timeout(60_000);

  it('no vault anywhere says how to make one', async () => {
    const { exit, stdout, stderr } = await runCli(['list'], { cwd: '/' });
    assert.deepEqual([exit, stdout], [4, '']);
    assert.match(stderr, /promptvault init/);
  });

  it('is told to a person on stderr, without a stack, with the next step', async () => {
    const { exit, stdout, stderr } = await runCli(['edit', 'live'], options('x'));
    assert.deepEqual([exit, stdout], [3, '']);
    assert.match(stderr, /^promptvault: Cannot edit production versions\n.*promptvault version/s);
    assert.doesNotMatch(stderr, /^\s+at /m);
    const debugged = await runCli(['edit', 'live'], { ...options('x'), env: { PROMPTVAULT_DEBUG: '1' } });
    assert.match(debugged.stderr, /^\s+at /m);
    const lost = await runCli(['lst'], options());
    assert.match(lost.stderr, /Did you mean list\?/);
  });

  it('a folder that cannot be written is read all the same, and a write says so', async function () {
    // Root may write anywhere, so another user reads what root owns.
    if (process.getuid?.() !== 0) return this.skip();
    const shared = at('shared');
    mkdirSync(join(shared, '.promptvault'), { recursive: true });
    copyFileSync(at('.promptvault/vault.db'), join(shared, '.promptvault', 'vault.db'));
    for (const path of [folder.path(), shared, join(shared, '.promptvault')]) chmodSync(path, 0o755);
    chmodSync(join(shared, '.promptvault', 'vault.db'), 0o644);
    const nobody = { cwd: shared, uid: 65534 };
    assert.equal((await jsonOf<{ version: string }>(['get', 'live'], nobody)).version, '1.0');
    assert.equal((await jsonOf<{ total: number }>(['list'], nobody)).total, 2);
    const { exit, stdout } = await runCli(['new', 'n', '--json'], { ...nobody, stdin: 'x' });
    assert.deepEqual([exit, (JSON.parse(stdout) as Failure).error.code], [1, 'READ_ONLY']);
    const init = await runCli(['init', 'sub', '--json'], nobody);
    assert.deepEqual([init.exit, (JSON.parse(init.stdout) as Failure).error.code], [1, 'READ_ONLY']);
  });
});
