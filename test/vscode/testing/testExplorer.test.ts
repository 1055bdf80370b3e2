import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type EngineClient, forkEngine } from '../../../src/engine/engineClient.ts';
import type { Waiting } from '../../../src/extension/testing/askFirst.ts';
import { fillTestExplorer } from '../../../src/extension/testing/testExplorer.ts';
import { createWorkspaceVaults, type WorkspaceVaults } from '../../../src/extension/workspaceVaults.ts';
import type { SuiteDefinition } from '../../../src/lab/dataTypes.ts';
import type { Case, Check } from '../../../src/lab/types.ts';
import { type ModelServer, startModelServer } from '../../support/modelServer.ts';
import { eventually } from '../vault/helpers.ts';
import { recordRuns } from './recordRuns.ts';

const path = 'support/triage';
const model = 'compatible:small';
const equals = (value: string): Check => ({ type: 'equals', value });
const row = (id: string, mail: string, ...checks: Check[]): Case => ({
  ...{ id, name: `about ${mail}`, variables: { mail }, checks },
});
const suite = (more: Partial<SuiteDefinition>): SuiteDefinition => ({
  ...{ refs: [path], models: [model], checks: [], checkSets: [], repeat: 1, maxCostUsd: null, dataset: 'mails' },
  ...more,
});

describe('suites in the Test Explorer', () => {
  let server: ModelServer;
  let vaults: WorkspaceVaults;
  let engine: EngineClient;
  let controller: vscode.TestController;
  let explorer: vscode.Disposable;
  let runs: ReturnType<typeof recordRuns>;
  let handler: vscode.TestRunProfile['runHandler'];
  /** What was asked before a run, and what is answered. */
  const asked: (readonly Waiting[])[] = [];
  let answer = true;
  let reply = (prompt: string): string => prompt.replace('Sort ', '');
  const token = () => new vscode.CancellationTokenSource().token;
  const press = async (...include: vscode.TestItem[]) =>
    handler(new vscode.TestRunRequest(include.length > 0 ? include : undefined), token());
  const item = (...ids: string[]) => {
    const find = (from: vscode.TestItemCollection, [id = '', ...rest]: string[]): vscode.TestItem => {
      const found = from.get(id);
      assert.ok(found, `there is ${id}`);
      return rest.length > 0 ? find(found.children, rest) : found;
    };
    return find(controller.items, ids);
  };

  before(async () => {
    const extension = vscode.extensions.getExtension('promptvault.promptvault');
    assert.ok(extension);
    const api = (await extension.activate()) as { ready: Promise<void> };
    await api.ready;
    await vscode.commands.executeCommand('promptvault.vault.create');
    server = await startModelServer({
      reply: ({ prompt }) => ({ text: reply(prompt), delayMs: prompt.includes('slow') ? 2000 : 0 }),
      fault: ({ prompt }) => prompt.includes('broken') && { kind: 'status', status: 400 },
    });
    const log = vscode.window.createOutputChannel('Tests', { log: true });
    vaults = createWorkspaceVaults(
      async (folder, mode) =>
        forkEngine({
          modulePath: join(extension.extensionPath, 'dist', 'engine.js'),
          file: join(folder.uri.fsPath, '.promptvault', 'vault.db'),
          ...{ mode, actor: 'Ada <ada@example.org>' },
          host: {
            connection: async () => ({ baseUrl: server.url }),
            prices: async () => ({ [model]: { input: 1000, output: 1000 } }),
          },
        }),
      log,
    );
    await vaults.ready;
    engine = await vaults.engine();
    await engine.create({ path, messages: [{ role: 'user', content: 'Sort {{mail}}' }] });
    const rows = [row('1', 'card', equals('card')), row('2', 'refund', equals('{{mail}}s')), row('3', 'broken')];
    await engine.saveDataset({ name: 'mails', rows });
    await engine.saveSuite({ name: 'release', definition: suite({}) });
    await engine.saveSuite({ name: 'free', definition: suite({ models: ['echo:echo'] }) });
    controller = vscode.tests.createTestController('recorded', 'Recorded');
    runs = recordRuns(controller);
    const ask = {
      run: async (waiting: readonly Waiting[]) => {
        asked.push(waiting);
        return answer;
      },
      version: async () => path,
    };
    explorer = fillTestExplorer(controller, { vaults, log, ask });
    handler = runs.profile().runHandler;
  });
  beforeEach(() => {
    asked.length = 0;
    answer = true;
    runs.clear();
  });
  after(async () => {
    explorer?.dispose();
    controller?.dispose();
    vaults?.dispose();
    await server?.close();
  });

  it('reads suites when somebody looks, and cases when a suite is opened; a case leads to its prompt', async () => {
    assert.equal(controller.items.size, 0);
    await controller.resolveHandler?.(undefined);
    assert.deepEqual([...controller.items].map(([id]) => id).sort(), ['suite free', 'suite release']);
    await controller.resolveHandler?.(item('suite release'));
    const cases = [...item('suite release').children].map(([, one]) => one.label);
    assert.deepEqual(cases, ['about card', 'about refund', 'about broken']);
    assert.equal(item('suite release', 'case 1').uri?.scheme, 'promptvault');
    const document = await vscode.workspace.openTextDocument(item('suite release', 'case 1').uri!);
    assert.match(document.getText(), /Sort \{\{mail\}\}/);
  });

  it('calls nobody when the question is answered with no', async () => {
    answer = false;
    await press();
    assert.equal(asked.length, 1);
    assert.deepEqual([server.requests.length, runs.all().length], [0, 0]);
    const [waiting] = asked;
    const calls = waiting?.map(({ title, estimate }) => [title, estimate.calls, estimate.costUsd! > 0]);
    assert.deepEqual(calls, [
      ['free', 3, false],
      ['release', 3, true],
    ]);
  });

  it('runs a suite and shows what passed, what differs from what was wanted, and what ended in an error', async () => {
    await press(item('suite release'));
    const [run] = runs.all();
    assert.equal(run?.ended, true);
    assert.deepEqual(run?.stateOf('case 1'), 'passed');
    assert.deepEqual(run?.stateOf('case 2'), 'failed');
    const [message] = run?.messagesOf('case 2') ?? [];
    assert.deepEqual([message?.expectedOutput, message?.actualOutput], ['refunds', 'refund']);
    assert.deepEqual(run?.stateOf('case 3'), 'errored');
    assert.match(run?.output ?? '', /release: 1 of 3 passed, 1 failed, 1 errors/);
    assert.match(String(item('suite release', 'case 1').description), /tokens · \$/);
  });

  it('runs some cases as a run of their own, from stored answers where there are, and says so', async () => {
    const before = server.requests.length;
    await press(item('suite release', 'case 1'));
    assert.equal(server.requests.length, before);
    assert.match(String(item('suite release', 'case 1').description), /^stored answer/);
    const [newest] = await engine.listRuns({ limit: 1 });
    assert.deepEqual([newest?.suite, newest?.cells], [null, 1]);
  });

  it('asks the models again for what failed last time, and for nothing else', async () => {
    await press(item('suite release'));
    const before = server.requests.length;
    reply = () => 'refunds';
    await press(item('suite release', 'case 2'), item('suite release', 'case 3'));
    assert.deepEqual([...new Set(server.requests.slice(before).map(({ prompt }) => prompt))].sort(), [
      'Sort broken',
      'Sort refund',
    ]);
    assert.equal(runs.all().at(-1)?.stateOf('case 2'), 'passed');
    reply = (prompt) => prompt.replace('Sort ', '');
  });

  it('shows runs of others as they end, without taking the focus', async () => {
    await engine.waitForRun({ runId: (await engine.startRun({ refs: [], models: [], suite: 'release' })).id });
    const run = await eventually('the results of another run', () =>
      runs.all().find((one) => one.stateOf('case 3') === 'errored'),
    );
    assert.equal(run.preserveFocus, true);
    assert.equal(asked.length, 0);
  });

  it('shows a column for each model and counts repeats', async () => {
    const two = suite({ models: ['echo:echo', { model: 'echo:echo', settings: { n: 1 }, label: 'other' }], repeat: 2 });
    await engine.saveSuite({ name: 'wide', definition: { ...two, checks: [{ type: 'contains', value: 'card' }] } });
    await controller.refreshHandler?.(token());
    await controller.resolveHandler?.(item('suite wide'));
    await press(item('suite wide'));
    const labels = [...item('suite wide', 'case 1').children].map(([, one]) => one.label);
    assert.deepEqual(labels, ['echo:echo', 'other']);
    const [, column] = [...item('suite wide', 'case 2').children][0]!;
    assert.match(String(column.description), /^0 of 2 passed/);
  });

  it('says what is wrong with a suite in place of running it', async () => {
    await engine.saveSuite({ name: 'unmapped', definition: suite({ mapping: { mail: 'text' } }) });
    await controller.refreshHandler?.(token());
    await press(item('suite unmapped'));
    assert.equal(runs.all().at(-1)?.stateOf('suite unmapped'), 'errored');
    assert.equal(asked.length, 0);
    await engine.deleteSuite({ name: 'unmapped' });
  });

  it('stops calling when the tests are cancelled', async () => {
    const rows = [row('1', 'slow one'), row('2', 'slow two')];
    await engine.saveDataset({ name: 'slow', rows });
    await engine.saveSuite({ name: 'slow', definition: suite({ dataset: 'slow' }) });
    await controller.refreshHandler?.(token());
    const source = new vscode.CancellationTokenSource();
    const running = handler(new vscode.TestRunRequest([item('suite slow')]), source.token);
    await eventually('the first call', () => server.requests.some(({ prompt }) => prompt.includes('slow')));
    source.cancel();
    await running;
    const [newest] = await engine.listRuns({ limit: 1 });
    assert.deepEqual([newest?.suite, newest?.status], ['slow', 'cancelled']);
    assert.equal(runs.all().at(-1)?.ended, true);
  });

  it('runs free suites from the command of VS Code without a question', async () => {
    for (const name of ['release', 'slow']) await engine.deleteSuite({ name });
    const [before] = await engine.listRuns({ limit: 1 });
    explorer.dispose();
    controller.dispose();
    await vscode.commands.executeCommand('testing.refreshTests');
    void vscode.commands.executeCommand('testing.runAll');
    const run = await eventually('a run from the palette', async () => {
      const [newest] = await engine.listRuns({ limit: 1 });
      return newest && newest.id !== before?.id ? newest : undefined;
    });
    assert.ok(['free', 'wide'].includes(String(run.suite)));
  });
});
