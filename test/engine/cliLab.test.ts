import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../../src/lab/types.ts';
import { jsonOf, runCli, temporaryFolder } from '../support/cliProcess.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';

describe('the lab on the command line, as a pipeline uses it', () => {
  const folder = temporaryFolder();
  let server: ModelServer;
  /** What the model says to a prompt. */
  let reply = (prompt: string) => prompt;
  before(async () => {
    server = await startModelServer({ reply: ({ prompt }) => reply(prompt) });
    const cwd = folder.path();
    await runCli(['init'], { cwd });
    await runCli(['new', 'support/triage'], { cwd, stdin: 'Sort {{mail}}' });
    await runCli(['promote', 'support/triage'], { cwd });
    writeFileSync(
      join(cwd, 'mails.csv'),
      'text,__expected\nlate,contains:late\nlost,contains:lost\nbroken,contains:broken\n',
    );
    const suite =
      'models: [openai:gpt-test]\ndataset: mails\nmapping: { mail: text }\nbaseline: PRD\nthresholds: { passRate: 1 }\n';
    writeFileSync(join(cwd, 'release.yaml'), suite);
  });
  after(() => server.close());
  beforeEach(() => {
    reply = (prompt) => prompt;
  });
  const at = (more: NodeJS.ProcessEnv = {}) => ({
    cwd: folder.path(),
    env: { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: server.url, ...more },
  });
  const json = <T = Record<string, unknown>>(...args: string[]) => jsonOf<T>(args, at());
  const run = (...args: string[]) => runCli(args, at());

  it('takes a file as a dataset, shows it, and writes it back', async () => {
    assert.deepEqual((await json('dataset', 'import', 'mails', 'mails.csv')).cases, 3);
    assert.deepEqual(
      (await json<{ datasets: { name: string }[] }>('dataset')).datasets.map(({ name }) => name),
      ['mails'],
    );
    assert.equal((await json<{ rows: unknown[] }>('dataset', 'show', 'mails')).rows.length, 3);
    await run('dataset', 'export', 'mails', 'back.csv');
    assert.match(
      readFileSync(join(folder.path(), 'back.csv'), 'utf8'),
      /^text,__description,__expected1\r\nlate,late,/,
    );
    assert.equal((await run('dataset', 'show', 'none')).exit, 4);
    assert.equal((await run('dataset', 'delete', 'mails')).exit, 2);
    assert.equal((await run('dataset', 'fly', 'mails')).exit, 2);
  });

  it('keeps a suite, runs it by its name or by its file, and sums it up for a pull request', async () => {
    assert.equal((await json('suite', 'save', 'release', 'release.yaml')).revision, 1);
    const summary = join(folder.path(), 'summary.md');
    const args = ['test', 'support/triage@TST', '--suite', 'release', '--junit', 'r.xml', '--json'];
    const { exit, stdout } = await runCli(args, at({ GITHUB_STEP_SUMMARY: summary }));
    assert.equal(exit, 0);
    const result = JSON.parse(stdout) as RunResult;
    assert.deepEqual([result.run.suite, result.run.passed, result.run.baseline], ['release', 3, null]);
    assert.match(readFileSync(summary, 'utf8'), /^## ✅ All 3 passed/);
    assert.match(readFileSync(join(folder.path(), 'r.xml'), 'utf8'), /tests="3" failures="0"/);
    const again = await json<RunResult>('test', 'support/triage@TST', '--suite', 'release.yaml');
    assert.deepEqual([again.run.suite, again.run.passed], [null, 3]);
  });

  it('holds a version back at the gate until its suite has passed, and lets it pass with a reason', async () => {
    await run('gate', 'release');
    assert.equal((await run('gate', '--ref', 'support/triage@TST')).exit, 0);
    await runCli(['edit', 'support/triage@TST'], { ...at(), stdin: 'Please sort {{mail}}' });
    const shut = await run('promote', 'support/triage@TST');
    assert.equal(shut.exit, 3);
    assert.match(shut.stderr, /no finished run on the suite release/);
    assert.equal(
      (
        await json<{ open: boolean }>('test', 'support/triage@TST', '--suite', 'release').then(() =>
          json('gate', '--ref', 'support/triage@TST'),
        )
      ).open,
      true,
    );
    assert.equal((await json('promote', 'support/triage@TST')).stage, 'PRD');
  });

  it('ends with 100 when a case got worse than production, tells which, and in the summary too', async () => {
    await run('version', 'support/triage@PRD');
    await runCli(['edit', 'support/triage@1.1'], { ...at(), stdin: 'Kindly sort {{mail}}' });
    await run('promote', 'support/triage@1.1');
    reply = (prompt) => (prompt.endsWith('lost') ? 'no <b>idea</b> @all' : prompt);
    const args = ['test', 'support/triage@1.1', '--suite', 'release', '--markdown', 'pr.md', '--json'];
    const { exit, stdout } = await runCli(args, at());
    assert.equal(exit, 100);
    const { regressions, verdicts = [], run: info } = JSON.parse(stdout) as RunResult;
    assert.deepEqual(
      verdicts.map(({ a, b, stored, pairs, missing, onlyA }) => [a, b, stored, pairs, missing, onlyA]),
      [['v1.0 (stored)', 'v1.1', true, 3, 0, 1]],
    );
    assert.deepEqual(
      regressions.map((one) => [one.case, one.now]),
      [['2', 'fail']],
    );
    assert.deepEqual(
      info.thresholds.map(({ name, pass }) => [name, pass]),
      [['passRate', false]],
    );
    const text = readFileSync(join(folder.path(), 'pr.md'), 'utf8');
    assert.match(text, /^## ❌ 1 case got worse/);
    assert.doesNotMatch(text, /<b>|@all/);
    assert.match(text, /^### Against v1\.0 \(stored\)\n\n- \*\*v1\.1\*\*: No difference shown \(p = 1\.00, 3 cases\)/m);
    assert.equal((await run('promote', 'support/triage@1.1')).exit, 3);
    const past = await json('promote', 'support/triage@1.1', '--override', 'Checked by hand');
    assert.equal(past.stage, 'PRD');
    await run('gate', '--off');
  });

  it('goes on with runs: marks, re-scores, finds what broke a row, compares, retries', async () => {
    const [newest] = (await json<{ runs: { id: string }[] }>('runs', 'support/triage')).runs;
    const id = newest?.id ?? '';
    assert.equal((await json('run', id, 'bisect', '--cell', '1')).culprit, '1.1');
    assert.equal((await json('run', id, 'mark', '--cell', '1', '--mark', 'pass', '--note', 'Fine')).status, 'pass');
    assert.equal((await json<RunResult>('run', id)).run.failed, 0);
    assert.equal((await json('run', id, 'mark', '--cell', '1', '--mark', 'clear')).status, 'fail');
    writeFileSync(join(folder.path(), 'loose.yaml'), '- "regex:."\n');
    const before = server.requests.length;
    const scored = await json<RunResult>('run', id, 'rescore', '--checks', 'loose.yaml', '--replace');
    assert.deepEqual([scored.run.scoredFrom, scored.run.passed, server.requests.length], [id, 3, before]);
    const failing = await json<RunResult>('run', id, 'rerun-failing');
    assert.deepEqual([failing.run.cells, failing.run.passed], [1, 1]);
    const both = await json<RunResult>(
      'test',
      'support/triage@1.0',
      'support/triage@1.1',
      '--suite',
      'release',
      '--repeat',
      '2',
    );
    assert.match(String((await json('run', both.run.id, 'compare')).verdict), /^No difference shown/);
    assert.deepEqual((await json('run', both.run.id, 'flaky')).flaky, []);
    assert.equal((await run('run', id, 'resume')).exit, 3);
    assert.equal((await run('run', id, 'bisect')).exit, 2);
    assert.equal((await run('run', 'none')).exit, 4);
  });

  it('wants a score of a metric, ends with 100 when it is not reached, and the gate wants it too', async () => {
    writeFileSync(join(folder.path(), 'polite.yaml'), '- { type: icontains, value: kindly, metric: tone }\n');
    const args = ['test', 'support/triage@1.1', '--suite', 'release', '--no-cache', '--checks', 'polite.yaml'];
    const met = await run(...args, '--metric', 'tone=0.9');
    assert.match(met.stdout, /^reached: tone 1, ≥ 0\.9 wanted$/m);
    assert.equal(met.exit, 0);
    const missed = await run(...args, '--metric', 'brevity=0.5');
    assert.match(missed.stdout, /^not reached: brevity: no check gave it, ≥ 0\.5 wanted$/m);
    assert.match(missed.stdout, /^reached: Pass rate 100 %, ≥ 100 % wanted$/m);
    assert.equal(missed.exit, 100);
    assert.equal((await run(...args, '--metric', 'tone')).exit, 2);
    const { gate } = await json<{ gate: unknown }>('gate', 'release', '--metric', 'tone=0.9', '--metric', 'a=b=1');
    assert.deepEqual(gate, { suite: 'release', metrics: { tone: 0.9, 'a=b': 1 } });
    await run('gate', '--off');
  });

  it('takes a promptfoo configuration over and runs it', async () => {
    const foo = join(folder.path(), 'foo');
    mkdirSync(foo);
    const config = `prompts: ['Answer {{q}}']
providers: [openai:gpt-test]
tests: [{ vars: { q: one }, assert: [{ type: contains, value: one }, { type: javascript, value: 'true' }] }]
`;
    writeFileSync(join(foo, 'promptfooconfig.yaml'), config);
    const { exit, stderr, stdout } = await run('import', 'foo/promptfooconfig.yaml');
    assert.equal(exit, 0);
    assert.match(stderr, /not carried over: tests\[0\]\.assert\[1\]: javascript/);
    assert.match(stdout, /promptvault test --suite foo/);
    assert.equal((await json<RunResult>('test', '--suite', 'foo')).run.passed, 1);
  });
});
