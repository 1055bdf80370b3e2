import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { createPublishStore } from '../../../src/extension/publishing/publishStore.ts';
import { type EndpointServer, openEndpointServer } from '../../support/endpointServer.ts';
import { eventually, folder, openOtherProcess } from '../vault/helpers.ts';

const run = (id: string, ...args: unknown[]) => vscode.commands.executeCommand(id, ...args);
const path = 'support/triage';
const settings = () => vscode.workspace.getConfiguration('promptvault');
const { Global, Workspace } = vscode.ConfigurationTarget;

describe('what is published from a window', () => {
  let endpoint: EndpointServer;
  let other: EngineClient;
  /** What the target holds, by address. */
  const held = new Map<string, string>();
  const target = () => ({ vault: folder().uri.toString(), name: 'store' });
  const puts = () => endpoint.received.filter(({ method }) => method === 'PUT');
  const shown = () => vscode.window.activeTextEditor?.document.getText() ?? '';

  before(async () => {
    endpoint = await openEndpointServer(({ method, path: address, body }, response) => {
      if (method === 'PUT') held.set(address, body);
      if (method === 'DELETE') held.delete(address);
      const kept = held.get(address);
      if (method === 'GET') response.writeHead(kept ? 200 : 404, { 'content-type': 'application/json' }).end(kept);
    });
    await run('promptvault.vault.create');
    other = await openOtherProcess();
    await other.create({ path, messages: [{ role: 'user', content: 'Sort {{message}}' }] });
    await other.promote({ ref: `${path}@1.0` });
    await other.promote({ ref: `${path}@1.0` });
    await settings().update('sync.targets', [{ name: 'store', url: endpoint.url }], Global);
  });
  after(async () => {
    await settings().update('sync.targets', undefined, Global);
    await settings().update('webhooks', undefined, Global);
    await other?.close();
    await endpoint?.close();
  });

  it('shows in a document what would leave, and sends nothing', async () => {
    await run('promptvault.target.dryRun', target());
    assert.match(shown(), /# What would leave for store/);
    assert.match(shown(), /support\/triage \| v1\.0 +\| \d+ bytes \| PUT http:\/\/127/);
    assert.equal(endpoint.received.length, 0);
    await run('workbench.action.closeActiveEditor');
  });

  it('goes to the address in the settings of the user', async () => {
    void run('promptvault.target.sync', target());
    await eventually('the prompt', () => puts().length > 0);
    assert.equal(puts()[0]?.path, `/prompts/${path}`);
    assert.equal(JSON.parse(puts()[0]?.body ?? '').messages[0].content, 'Sort {{message}}');
  });

  it('is compared with what the target really serves', async () => {
    held.set(`/prompts/${path}`, '{"hash":"sha256:else","version":"1.0"}');
    void run('promptvault.target.verify', target());
    const text = await eventually('the findings', () => (/# What store serves/.test(shown()) ? shown() : undefined));
    assert.match(text, /support\/triage \| differs from v1\.0/);
    await run('workbench.action.closeActiveEditor');
  });

  it('goes nowhere that a workspace names', async () => {
    const evil = [{ name: 'evil', url: 'https://evil.example' }];
    await assert.rejects(async () => settings().update('sync.targets', evil, Workspace));
    await assert.rejects(async () => settings().update('webhooks', evil, Workspace));
    const config = vscode.Uri.joinPath(folder().uri, '.vscode', 'settings.json');
    await vscode.workspace.fs.writeFile(config, Buffer.from(JSON.stringify({ 'promptvault.sync.targets': evil })));
    await eventually('the file', async () => settings().inspect('sync.targets') !== undefined);
    const before = endpoint.received.length;
    await run('promptvault.target.sync', { ...target(), name: 'evil' });
    assert.equal(endpoint.received.length, before);
    assert.deepEqual(
      (settings().get('sync.targets') as { name: string }[]).map(({ name }) => name),
      ['store'],
    );
  });

  it('takes a secret to no other origin than the one it was entered for', async () => {
    const kept = new Map<string, string>();
    const secrets: vscode.SecretStorage = {
      get: async (key) => kept.get(key),
      store: async (key, value) => void kept.set(key, value),
      delete: async (key) => void kept.delete(key),
      onDidChange: new vscode.EventEmitter<vscode.SecretStorageChangeEvent>().event,
    };
    const store = createPublishStore({ secrets });
    const setting = { name: 'store', url: endpoint.url };
    await store.setSecret('sync', setting, 'canary');
    assert.equal((await store.publishing()).targets[0]?.token, 'canary');
    await store.save('sync', { ...setting, url: 'http://127.0.0.1:9/other' });
    assert.equal((await store.publishing()).targets[0]?.token, undefined);
    assert.equal(await store.secretState('sync', store.list('sync')[0]!), 'elsewhere');
    await store.save('sync', setting);
    assert.equal(await store.secretState('webhook', setting), 'none');
    store.dispose();
  });

  it('tells a webhook of this vault alone of a promotion that somebody else made', async () => {
    const hooks = [
      { name: 'here', url: `${endpoint.url}/here`, format: 'slack', vaults: [folder().uri.fsPath] },
      { name: 'nowhere', url: `${endpoint.url}/nowhere`, format: 'slack', vaults: ['/somewhere/else'] },
    ];
    await settings().update('webhooks', hooks, Global);
    await run('promptvault.target.enable', { ...target(), name: 'here' });
    await other.createVersion({ ref: `${path}@1.0`, rationale: 'Calmer' });
    await other.edit({ ref: `${path}@1.1`, messages: [{ role: 'user', content: 'Sort {{message}} calmly' }] });
    await other.promote({ ref: `${path}@1.1` });
    await other.promote({ ref: `${path}@1.1` });
    const told = await eventually('the webhook', () => endpoint.received.find((one) => one.path.endsWith('/here')));
    assert.match(told.body, /support\/triage/);
    assert.ok(!endpoint.received.some((one) => one.path.endsWith('/nowhere')));
  });

  it('is sent again on demand, with the key of the first time', async () => {
    const told = () => endpoint.received.filter((one) => one.path.endsWith('/here'));
    const first = told().length;
    const [delivery] = await other.deliveries({ target: 'here' });
    await run('promptvault.webhook.redeliver', { vault: target().vault, id: delivery?.id });
    await eventually('the repeat', () => told().length > first);
    const keys = told().map(({ headers }) => headers['idempotency-key']);
    assert.equal(keys.at(-1), keys[first - 1]);
  });

  it("is served by the extension's own command line, which nobody has to install", async () => {
    const started = new Promise<vscode.TaskProcessStartEvent>((resolve) => {
      const listening = vscode.tasks.onDidStartTaskProcess((event) => {
        listening.dispose();
        resolve(event);
      });
    });
    void run('promptvault.server.start');
    const { execution, processId } = await started;
    const { args } = execution.task.execution as vscode.ProcessExecution;
    const file = vscode.Uri.joinPath(folder().uri, '.promptvault', 'vault.db').fsPath;
    assert.deepEqual(args.slice(1), ['serve', '--vault', file]);
    assert.match(args[0] ?? '', /cli\.js$/);
    assert.ok(processId > 0);
    execution.terminate();
  });
});
