import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonOf, runCli, temporaryFolder } from '../support/cliProcess.ts';

const versionFields =
  'path title version stage hash revision messages settings variables tags rationale copiedFrom rollbackOf createdAt createdBy updatedAt updatedBy deployedAt retiredAt replacedBy';
const cellFields =
  'version hash model case repeat status output checks latencyMs firstTokenMs inputTokens outputTokens cachedTokens costUsd error cached';

/** Every promised field is there; more may be. */
function has(value: unknown, fields: string): void {
  const missing = fields.split(' ').filter((name) => !Object.hasOwn(value as object, name));
  assert.deepEqual(missing, []);
}

type Version = {
  version: string;
  stage: string;
  revision: number;
  hash: string;
  messages: { role: string; content: string }[];
};
const isTime = (text: unknown) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(text));

describe('the JSON of every verb, along a prompt’s life', () => {
  const folder = temporaryFolder();
  const call = <T = Record<string, unknown>>(args: string[], stdin = '') =>
    jsonOf<T>(args, { cwd: folder.path(), stdin });
  let served = '';

  it('init makes a vault, and a second one changes nothing', async () => {
    const made = await call(['init']);
    assert.deepEqual([made.created, made.vault], [true, join(folder.path(), '.promptvault', 'vault.db')]);
    const again = await call(['init']);
    assert.deepEqual([again.created, again.vaultId], [false, made.vaultId]);
  });

  it('new keeps the body byte for byte and tells the version', async () => {
    const body = '\uFEFF  Hello {{name}},\r\n\tbraces {{ foreign thing }} stay.\n\n';
    const made = await call<Version & Record<string, unknown>>(
      [
        'new',
        'support/triage',
        '--title',
        'Tríage',
        '--tag',
        'a',
        '--tag',
        'b',
        '--system',
        'Be brief.',
        '--rationale',
        'first',
      ],
      body,
    );
    has(made, versionFields);
    assert.deepEqual(made.messages, [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: body },
    ]);
    assert.deepEqual(
      [made.version, made.stage, made.title, made.tags, made.rationale, made.createdBy, made.revision],
      ['1.0', 'DEV', 'Tríage', ['a', 'b'], 'first', 'Ada <ada@example.org>', 1],
    );
    assert.deepEqual(made.variables, [{ name: 'name' }]);
    assert.match(made.hash, /^sha256:[0-9a-f]{64}$/);
    assert.ok(isTime(made.createdAt));
    assert.deepEqual(
      [made.copiedFrom, made.rollbackOf, made.deployedAt, made.retiredAt, made.replacedBy],
      Array(5).fill(null),
    );
  });

  it('edit replaces the last user message, keeps the others and counts a revision', async () => {
    const saved = await call<Version>(['edit', 'support/triage', '--expect-revision', '1'], 'Dear {{name}}');
    assert.equal(saved.revision, 2);
    assert.deepEqual(saved.messages, [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Dear {{name}}' },
    ]);
  });

  it('list tells stages and totals', async () => {
    const found = await call<{ total: number; prompts: Record<string, unknown>[] }>([
      'list',
      '--stage',
      'dev',
      '--tag',
      'a',
    ]);
    assert.equal(found.total, 1);
    has(found.prompts[0], 'path title tags stages latest updatedAt');
    assert.deepEqual(found.prompts[0]?.stages, { DEV: 1, TST: 0, PRD: null, RET: 0 });
    assert.equal((await call<{ total: number }>(['list', '--search', 'nothing-like-it'])).total, 0);
  });

  it('render fills in values from files and words', async () => {
    writeFileSync(join(folder.path(), 'values.json'), '{"name":"Bob"}');
    const result = await call<{ messages: { content: string }[]; warnings: unknown[] }>([
      'render',
      'support/triage',
      '--vars',
      'values.json',
      '--var',
      'name=A=da',
    ]);
    assert.deepEqual(result, {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Dear A=da' },
      ],
      warnings: [],
    });
  });

  it('promote goes to TST and to PRD, and get serves it', async () => {
    assert.equal((await call<Version>(['promote', 'support/triage'])).stage, 'TST');
    const prd = await call<Version & Record<string, unknown>>(['promote', 'support/triage', '--rationale', 'good']);
    assert.equal(prd.stage, 'PRD');
    assert.ok(isTime(prd.deployedAt));
    const got = await call<Version>(['get', 'support/triage']);
    assert.deepEqual(Object.keys(got).sort(), ['hash', 'messages', 'path', 'settings', 'variables', 'version']);
    assert.equal(got.hash, prd.hash);
    served = got.hash;
    const rendered = await call<Version>(['get', 'support/triage@^1', '--var', 'name=Ada']);
    assert.equal(rendered.messages.at(-1)?.content, 'Dear Ada');
  });

  it('version copies, diff compares', async () => {
    const made = await call<Version & Record<string, unknown>>([
      'version',
      'support/triage@PRD',
      '--rationale',
      'warmer',
    ]);
    assert.deepEqual([made.version, made.stage, made.copiedFrom], ['1.1', 'DEV', '1.0']);
    assert.equal((await call<Version>(['version', 'support/triage@1.0', '--major'])).version, '2.0');
    await call(['edit', 'support/triage@1.1'], 'Dearest {{name}}');
    const diff = await call<Record<string, unknown>>(['diff', 'support/triage@1.0', 'support/triage@1.1', '--words']);
    has(diff, 'from to same messages settings variables unified');
    assert.equal(diff.same, false);
  });

  it('test tells run, summary, cells and regressions, and writes its reports', async () => {
    writeFileSync(join(folder.path(), 'cases.csv'), 'name,__expected\nAda,contains:Ada\nBob,contains:nobody\n');
    const { exit, stdout, stderr } = await runCli(
      [
        'test',
        'support/triage@1.1',
        '--model',
        'echo:echo',
        '--cases',
        'cases.csv',
        '--json',
        '--junit',
        'r.xml',
        '--html',
        'r.html',
      ],
      { cwd: folder.path() },
    );
    assert.equal(exit, 100, stderr);
    const result = JSON.parse(stdout) as Record<'run' | 'summary' | 'cells' | 'regressions', never>;
    has(result.run, 'id startedAt finishedAt versions models cases cells passed failed errors costUsd wallMs');
    has(
      result.summary[0],
      'version model cells passed failed errors passRate ci95 costUsd latencyMs inputTokens outputTokens',
    );
    const cells = result.cells as { status: string; output: string; checks: object[] }[];
    has(cells[0], cellFields);
    has(cells[0]?.checks[0], 'type pass score reason');
    assert.deepEqual(
      cells.map(({ status }) => status),
      ['pass', 'fail'],
    );
    assert.match(cells[0]?.output ?? '', /Dearest Ada/);
    assert.deepEqual(result.regressions, []);
    assert.match(readFileSync(join(folder.path(), 'r.xml'), 'utf8'), /<testsuite/);
    assert.match(readFileSync(join(folder.path(), 'r.html'), 'utf8'), /<html/i);
    assert.match(stderr, /2 of 2 cells/);
  });

  it('rollback serves the old content under a new number, and history tells the story', async () => {
    await call(['promote', 'support/triage@1.1']);
    await call(['promote', 'support/triage@1.1']);
    assert.notEqual((await call<Version>(['get', 'support/triage'])).hash, served);
    const back = await call<Version & Record<string, unknown>>([
      'rollback',
      'support/triage',
      '--to',
      'v1.0',
      '--reason',
      'too warm',
    ]);
    assert.deepEqual([back.stage, back.rollbackOf, back.hash], ['PRD', '1.0', served]);
    assert.equal((await call<Version>(['get', 'support/triage'])).hash, served);
    const story = await call<{ path: string; versions: object[]; events: Record<string, unknown>[] }>([
      'history',
      'support/triage',
    ]);
    const withoutMessages = versionFields.replace(' messages', '');
    for (const version of story.versions) {
      has(version, withoutMessages);
      assert.equal(Object.hasOwn(version, 'messages'), false);
    }
    for (const event of story.events) has(event, 'seq at actor kind version reason');
    assert.ok(story.events.some(({ reason }) => reason === 'too warm'));
  });

  it('tag, move, delete and show tell what became of the prompt', async () => {
    const tagged = await call<{ tags: string[] }>(['tag', 'support/triage', '--add', 'c', '--remove', 'a']);
    assert.deepEqual(tagged.tags, ['b', 'c']);
    assert.equal((await call(['move', 'support/triage', 'inbox/triage'])).path, 'inbox/triage');
    assert.deepEqual(await call(['delete', 'inbox/triage@2.0', '--yes']), {
      path: 'inbox/triage',
      version: '2.0',
      promptDeleted: false,
    });
    has(await call(['show', 'inbox/triage@PRD']), versionFields);
  });

  it('import reports lists of paths, and changes nothing the second time', async () => {
    mkdirSync(join(folder.path(), 'in', 'one'), { recursive: true });
    mkdirSync(join(folder.path(), 'in', 'two'));
    writeFileSync(join(folder.path(), 'in', 'two', 'system.md'), 'Be brief');
    writeFileSync(join(folder.path(), 'in', 'one', 'system.md'), 'Be kind');
    writeFileSync(join(folder.path(), 'in', 'two', 'user.md'), 'Hello');
    const first = await call<Record<string, unknown[]>>(['import', 'in', '--folder', 'got', '--tag', 'new']);
    assert.deepEqual(
      [first.created?.sort(), first.updated, first.unchanged, first.skipped],
      [['got/one', 'got/two'], [], [], []],
    );
    const second = await call<Record<string, unknown[]>>(['import', 'in', '--folder', 'got', '--tag', 'new']);
    assert.deepEqual([second.created, second.unchanged?.length], [[], 2]);
  });

  it('models, verify and a dry sync answer without a network', async () => {
    const { models } = await call<{ models: { name: string; ready: boolean }[] }>(['models']);
    assert.equal(models.find(({ name }) => name === 'echo:echo')?.ready, true);
    assert.equal(models.find(({ name }) => name.startsWith('openai:'))?.ready, false);
    const report = await call(['verify']);
    assert.equal(report.ok, true);
    const synced = await call<Record<string, unknown>>(['sync', '--url', 'http://127.0.0.1:1/p', '--dry-run']);
    assert.deepEqual([synced.sent, synced.unchanged, synced.failed], [1, 0, 0]);
  });
});
