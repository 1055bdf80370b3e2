import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElicitResult } from '@modelcontextprotocol/client';
import type { Engine } from '../../src/engine/engine.ts';
import { environmentHost } from '../../src/engine/environmentHost.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { callTool, type McpProcess, startMcp } from '../support/mcpClient.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { testActor, userMessage } from '../support/vaultBuilders.ts';

describe('run_suite over MCP', () => {
  let cwd: string;
  let server: ModelServer;
  let engine: Engine;
  let mcp: McpProcess;
  const start = (client?: Parameters<typeof startMcp>[0]['client']) =>
    startMcp({ cwd, env: { PROMPTVAULT_COMPATIBLE_URL: server.url }, client });
  const runs = async () => (await engine.listRuns({})).length;

  before(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'promptvault-mcp-'));
    server = await startModelServer({
      reply: ({ prompt }) => ({ text: prompt, delayMs: prompt === 'Say green slowly.' ? 100 : 0 }),
    });
    engine = await openEngine(join(cwd, '.promptvault', 'vault.db'), {
      actor: testActor,
      host: environmentHost({}),
      mode: 'create',
    });
    await engine.create({ path: 'a/one', messages: [userMessage('Say {{word}}.')], variables: [{ name: 'word' }] });
    await engine.create({ path: 'a/two', messages: [userMessage('Say it.')] });
    const rows = ['red', 'green'].map((word, index) => ({
      ...{ id: String(index), name: word, variables: { word } },
      checks: [{ type: 'contains' as const, value: 'red' }],
    }));
    await engine.saveDataset({ name: 'words', rows });
    const definition = { refs: ['a/one'], dataset: 'words', checks: [], checkSets: [], repeat: 1, maxCostUsd: null };
    await engine.saveSuite({ name: 'paid', definition: { ...definition, models: ['compatible:small'] } });
    await engine.saveSuite({ name: 'free', definition: { ...definition, models: ['echo:echo'] } });
    mcp = await start();
  });
  after(async () => {
    await mcp.close();
    await engine.close();
    await server.close();
    rmSync(cwd, { recursive: true, force: true });
  });

  it('answers what a run would take and spends nothing, whatever code is made up', async () => {
    const asked = await callTool(mcp, 'run_suite', { suite: 'paid' });
    assert.equal(asked.data.ran, false);
    assert.equal((asked.data.estimate as { calls: number }).calls, 2);
    assert.match(String(asked.data.confirmation), /^[\w-]{12}$/);
    for (const confirmation of ['yes', '', 'AAAAAAAAAAAA', `${asked.data.confirmation}x`]) {
      const refused = await callTool(mcp, 'run_suite', { suite: 'paid', confirmation });
      assert.equal(refused.data.ran, false);
      assert.match(refused.notes[0] ?? '', /Nothing was run/);
    }
    assert.deepEqual([server.log, await runs()], [[], 0]);
  });

  it('knows the suites there are', async () => {
    const { data } = await callTool(mcp, 'list_suites', { limit: 1, after: 'free' });
    const [suite, ...more] = data.suites as { name: string; refs: string[]; models: string[]; dataset: string }[];
    assert.deepEqual(
      [suite?.name, suite?.refs, suite?.models, suite?.dataset, more],
      [...['paid', ['a/one'], ['compatible:small'], 'words', []]],
    );
  });

  it('takes a code for the very run it was given for, once', async () => {
    const codeFor = async (args: object) =>
      (await callTool(mcp, 'run_suite', { suite: 'paid', ...args })).data.confirmation;
    const other = await callTool(mcp, 'run_suite', { suite: 'paid', refs: ['a/two'], confirmation: await codeFor({}) });
    assert.equal(other.data.ran, false);
    const stale = await codeFor({});
    await engine.edit({ ref: 'a/one', messages: [userMessage('Say {{word}} now.')] });
    assert.equal((await callTool(mcp, 'run_suite', { suite: 'paid', confirmation: stale })).data.ran, false);
    assert.deepEqual(server.log, []);

    const confirmation = await codeFor({});
    const ran = await callTool(mcp, 'run_suite', { suite: 'paid', confirmation });
    const { run, failing } = ran.data as { run: { passed: number; failed: number }; failing: { case: string }[] };
    assert.deepEqual([run.passed, run.failed, failing.length], [1, 1, 1]);
    assert.equal(ran.provenance[0]?.path, 'a/one');
    assert.deepEqual([server.requests.length, await runs()], [2, 1]);
    assert.equal((await callTool(mcp, 'run_suite', { suite: 'paid', confirmation })).data.ran, false);
    assert.deepEqual([server.requests.length, await runs()], [2, 1]);
  });

  it('tells how far it is to a client that wants to know', async () => {
    await engine.edit({ ref: 'a/one', messages: [userMessage('Say {{word}} slowly.')] });
    const { data } = await callTool(mcp, 'run_suite', { suite: 'paid' });
    const told: unknown[] = [];
    const args = { suite: 'paid', confirmation: data.confirmation };
    const onprogress = ({ progress, total }: { progress: number; total?: number }) => told.push([progress, total]);
    const result = await mcp.client.callTool({ name: 'run_suite', arguments: args }, { onprogress });
    assert.equal((result.structuredContent as { data: { ran: boolean } }).data.ran, true);
    assert.deepEqual(told[0], [1, 2]);
  });

  for (const mode of ['legacy', 'auto'] as const) {
    it(`asks the person where the client can, and runs only on a yes (${mode} protocol)`, async () => {
      const answers: ElicitResult[] = [
        { action: 'decline' },
        { action: 'accept', content: { run: false } },
        { action: 'accept', content: { run: true } },
      ];
      const questions: string[] = [];
      const other = await start({ versionNegotiation: { mode }, capabilities: { elicitation: { form: {} } } });
      other.client.setRequestHandler('elicitation/create', ({ params }) => {
        questions.push(params.message);
        return answers[questions.length - 1]!;
      });
      try {
        const before = await runs();
        const ran: unknown[] = [];
        for (const _ of answers) ran.push((await callTool(other, 'run_suite', { suite: 'free' })).data.ran);
        assert.deepEqual([ran, (await runs()) - before], [[false, false, true], 1]);
        assert.match(questions[0] ?? '', /free.*a\/one@1\.0.*2 calls/);
      } finally {
        await other.close();
      }
    });
  }
});
