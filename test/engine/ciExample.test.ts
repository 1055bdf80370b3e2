import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { cliEnvironment, cliModule, finished, runCli, temporaryFolder } from '../support/cliProcess.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';

type Step = { name?: string; run?: string; uses?: string; if?: string; with?: { path?: string }; env?: object };
const source = join(import.meta.dirname, '../../scripts/sample/workspace/.github/workflows/prompts.yml');
const workflow = parse(readFileSync(source, 'utf8')) as { jobs: { test: { steps: Step[] } } };
const { steps } = workflow.jobs.test;
const step = (name: string) => {
  const found = steps.find((one) => one.name === name);
  assert.ok(found, name);
  return found;
};

/** The commands of the workflow in the sample, run as a pipeline runs them. */
describe('the example for pull requests', () => {
  const folder = temporaryFolder();
  const { run: command = '', env } = step('Test the suite against production');
  let server: ModelServer;
  let reply = (prompt: string) => prompt;
  const keys = () => ({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: server.url });
  const cli = async (args: string[], stdin = '') => {
    const { exit, stderr } = await runCli(args, { cwd: folder.path(), env: keys(), stdin });
    assert.equal(exit, 0, stderr);
  };
  /** In a project that has promptvault among its dependencies: npm links its binary like this. */
  const pipeline = async () => {
    const summary = join(folder.path(), `summary-${Math.random()}.md`);
    const more = {
      ...keys(),
      GITHUB_STEP_SUMMARY: summary,
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
    };
    const ended = await finished(spawn('sh', ['-e', '-c', command], { cwd: folder.path(), env: cliEnvironment(more) }));
    return { ...ended, summary: readFileSync(summary, 'utf8') };
  };

  before(async () => {
    server = await startModelServer({ reply: ({ prompt }) => reply(prompt) });
    const cwd = folder.path();
    const bin = join(cwd, 'node_modules/.bin/promptvault');
    mkdirSync(dirname(bin), { recursive: true });
    symlinkSync(cliModule, bin);
    writeFileSync(join(cwd, 'package.json'), '{"private":true}');
    await cli(['init']);
    await cli(['new', 'support/triage'], 'Sort {{mail}}');
    for (let step = 0; step < 2; step++) await cli(['promote', 'support/triage@1.0']);
    await cli(['version', 'support/triage@PRD']);
    await cli(['edit', 'support/triage@1.1'], 'Please sort {{mail}}');
    writeFileSync(join(cwd, 'mails.csv'), 'mail,__expected\nlate,contains:late\nlost,contains:lost\n');
    await cli(['dataset', 'import', 'mails', 'mails.csv']);
    const suite = (model: string) =>
      `refs: [support/triage@latest, support/triage@PRD]\nmodels: [${model}]\ndataset: mails\n`;
    writeFileSync(join(cwd, 'release.yaml'), suite('openai:gpt-test'));
    writeFileSync(join(cwd, 'echo.yaml'), suite('echo:echo'));
  });
  after(() => server.close());

  it('passes when nothing got worse, with a model over HTTP and with echo', async () => {
    for (const file of ['echo.yaml', 'release.yaml']) {
      await cli(['suite', 'save', 'release', file]);
      const { exit, stderr, summary } = await pipeline();
      assert.equal(exit, 0, stderr);
      assert.match(summary, /^## ✅ All 4 passed/);
    }
    assert.equal(server.requests.length, 4);
  });

  it('fails with 100 when a prompt got worse, says where in the summary, and leaves a JUnit report', async () => {
    await cli(['edit', 'support/triage@1.1'], 'Kindly sort {{mail}}');
    reply = (prompt) => (prompt.startsWith('Kindly') && prompt.endsWith('lost') ? 'no idea' : prompt);
    const { exit, summary } = await pipeline();
    assert.equal(exit, 100);
    assert.match(summary, /^## ❌ 1 case got worse/);
    const report = readFileSync(join(folder.path(), String(step('Keep the report').with?.path)), 'utf8');
    assert.match(report, /tests="4" failures="1"/);
  });

  it('keeps the report of a failed run too, and takes keys from secrets alone', () => {
    assert.equal(step('Keep the report').if, 'always()');
    for (const value of Object.values(env ?? {})) assert.match(String(value), /^\$\{\{ secrets\.[A-Z_]+ \}\}$/);
  });

  it('runs no other command than those tested here and the installation', () => {
    assert.deepEqual(
      steps.flatMap(({ run }) => run ?? []),
      ['npm ci', command],
    );
  });
});
