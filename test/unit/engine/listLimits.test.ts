import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../../src/engine/engine.ts';
import { engineMethods } from '../../../src/engine/engineMethods.ts';
import { environmentHost } from '../../../src/engine/environmentHost.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { Case } from '../../../src/lab/types.ts';
import { failsWith } from '../../support/engineProcesses.ts';
import { temporaryFolder, userMessage } from '../../support/vaultBuilders.ts';

const path = 'a/one';
const ref = `${path}@1.0`;
/** Every call that answers rows of the vault: what it lists at most `limit` of. */
const lists: { [name: string]: (engine: Engine, limit: number) => Promise<readonly unknown[][]> } = {
  list: async (engine, limit) => [
    (await engine.list({ limit })).prompts,
    (await engine.list({ limit, order: 'recent' })).prompts,
    (await engine.list({ limit, search: 'mail' })).prompts,
  ],
  groups: async (engine, limit) => [
    (await engine.groups({ by: 'folder', limit })).groups,
    (await engine.groups({ by: 'tag', limit })).groups,
  ],
  history: async (engine, limit) => {
    const { versions, events } = await engine.history({ path, versionLimit: limit, eventLimit: limit });
    return [versions, events];
  },
  revisions: async (engine, limit) => [await engine.revisions({ ref, limit })],
  eventsAfter: async (engine, limit) => [await engine.eventsAfter({ seq: 0, limit })],
  listDatasets: async (engine, limit) => [await engine.listDatasets({ limit })],
  datasetRevisions: async (engine, limit) => [await engine.datasetRevisions({ name: 'cases-0', limit })],
  listSuites: async (engine, limit) => [await engine.listSuites({ limit })],
  listCheckSets: async (engine, limit) => [await engine.listCheckSets({ limit })],
  agentFiles: async (engine, limit) => [await engine.agentFiles({ limit })],
  listRuns: async (engine, limit) => [await engine.listRuns({ limit }), await engine.listRuns({ path, limit })],
  deliveries: async (engine, limit) => [await engine.deliveries({ target: 'chat', limit })],
  evidence: async (engine, limit) => [await engine.evidence({ path, limit })],
};
/** What answers one thing, or what stands in one file, run or catalogue. `labels` stops at 500. */
const others = `info show showRevision render renderContent get diff blame drillRollback verify create edit editPrompt
  createVersion nextVersion rollback deleteVersion restoreRevision tag label labels move promote
  showDataset saveDataset deleteDataset mapping saveMapping showSuite saveSuite deleteSuite showCheckSet saveCheckSet
  deleteCheckSet models testConnection tryOnce countTokens readCases readChecks checksOf checkKinds readSuite estimateRun startRun cancelRun waitForRun
  showRun showCell exportRun resumeRun retryErrors rerunCell rerunFailing rescore bisect markCell clearMark importPrompts
  importPromptfoo importDataset exportDataset casesFromRun generateCases compareColumns compareBaseline flaky gate setGate checkGate sync
  setFocused listTargets syncTarget pullTarget redeliver setTarget forgetTarget testWebhook deliverDue stamp writeDraft chooseAgentFiles writeAgentFiles createToken listTokens revokeToken verifyToken bundle compareBundle`.split(
  /\s+/,
);

describe('every call that lists', () => {
  const folder = temporaryFolder();
  let engine: Engine;
  before(async function () {
    this.timeout(20_000);
    const publish = join(folder.path, 'publish.json');
    const chat = { name: 'chat', url: 'http://127.0.0.1:9/', secret: 'env:SECRET' };
    writeFileSync(publish, JSON.stringify({ webhooks: [chat] }));
    engine = await openEngine(join(folder.path, '.promptvault', 'vault.db'), {
      actor: 'Ada',
      host: environmentHost({ PROMPTVAULT_PUBLISH: publish, SECRET: 'a secret of some length' }),
      mode: 'create',
    });
    for (const name of ['a/one', 'b/two', 'c/three']) {
      await engine.create({
        path: name,
        description: 'For mail.',
        tags: [`of ${name[0]}`],
        messages: [userMessage('Sort this.')],
      });
    }
    await engine.chooseAgentFiles({ path, add: ['skill', 'copilot', 'cursor'] });
    const models = [{ model: 'echo:echo', settings: {} }];
    const refs = [ref, `${path}@1.1`, `${path}@1.2`];
    for (const version of refs) {
      if (version !== ref) await engine.createVersion({ ref: path });
      for (const text of ['A', 'B']) {
        await engine.edit({ ref: version, messages: [userMessage(`${text} of ${version}`)] });
      }
    }
    for (let i = 0; i < 3; i += 1) {
      await engine.testWebhook({ name: 'chat' });
      const rows: Case[] = [{ id: '1', name: 'one', variables: { text: `case ${i}` }, checks: [] }];
      await engine.saveDataset({ name: 'cases-0', rows });
      await engine.saveDataset({ name: `cases-${i}`, rows });
      const definition = { refs, models, checks: [], checkSets: [], repeat: 1, maxCostUsd: null };
      await engine.saveSuite({ name: `suite-${i}`, definition });
      await engine.saveCheckSet({ name: `checks-${i}`, checks: [] });
      const { id } = await engine.startRun({ refs, models, cases: [{ ...rows[0]!, variables: {} }] });
      await engine.waitForRun({ runId: id });
    }
  });
  after(async () => {
    await engine.close();
    folder.remove();
  });

  it('is known here: a call that is added says in this file whether it lists', () => {
    assert.deepEqual([...Object.keys(lists), ...others].sort(), [...engineMethods].sort());
  });

  for (const [name, ask] of Object.entries(lists)) {
    it(`${name} stops at its limit, and refuses one that would be none`, async () => {
      for (const rows of await ask(engine, 2)) assert.equal(rows.length, 2);
      for (const rows of await ask(engine, 3)) assert.equal(rows.length, 3);
      await assert.rejects(ask(engine, -1), failsWith('INVALID_INPUT'));
    });
  }

  it('listRuns goes on after the last run of the page before', async () => {
    const [newest, ...older] = await engine.listRuns({});
    assert.deepEqual(await engine.listRuns({ before: newest!.id }), older);
    assert.equal(older.length, 2);
  });
});
