import assert from 'node:assert/strict';
import { listModels, type ModelHost } from '../../../src/models/catalog.ts';
import { connectionFromEnvironment } from '../../../src/models/environment.ts';
import { testConnection } from '../../../src/models/testConnection.ts';
import type { Vendor } from '../../../src/models/types.ts';
import { type ModelScript, type ModelServer, startModelServer } from '../../support/modelServer.ts';

const key = 'canary-key-0123456789';
const hostOf = (env: { [name: string]: string }, more: Partial<ModelHost> = {}): ModelHost => ({
  connection: async (vendor) => connectionFromEnvironment(vendor, env),
  prices: async () => ({}),
  ...more,
});

let server: ModelServer;
const serve = async (script: ModelScript = {}) => {
  server = await startModelServer(script);
};
/** An address where nobody listens. */
async function serveNobody(): Promise<string> {
  await serve();
  await server.close();
  return server.url;
}

describe('the list of models', () => {
  afterEach(() => server.close());
  beforeEach(() => serve({ models: ['llama3:8b', 'qwen'] }));

  it('says per model what it still needs', async () => {
    const models = await listModels(hostOf({ ANTHROPIC_API_KEY: 'k' }));
    const find = (vendor: Vendor) => models.find((model) => model.vendor === vendor);
    assert.equal(find('openai')?.ready, false);
    assert.equal(find('openai')?.needs, 'OPENAI_API_KEY');
    assert.equal(find('anthropic')?.ready, true);
    assert.equal(find('anthropic')?.needs, null);
    assert.equal(find('google')?.needs, 'GEMINI_API_KEY');
    assert.equal(find('compatible')?.needs, 'PROMPTVAULT_COMPATIBLE_URL');
    assert.equal(find('vscode'), undefined);
    assert.deepEqual(find('echo'), {
      name: 'echo:echo',
      vendor: 'echo',
      ready: true,
      needs: null,
      price: { input: 0, output: 0, cached: 0, source: 'builtin' },
    });
    assert.equal(new Set(models.map(({ name }) => name)).size, models.length);
  });

  it('asks a compatible server what it has', async () => {
    const models = await listModels(hostOf({ PROMPTVAULT_COMPATIBLE_URL: server.url }));
    const compatible = models.filter(({ vendor }) => vendor === 'compatible');
    assert.deepEqual(
      compatible.map(({ name, ready, price }) => ({ name, ready, price })),
      [
        { name: 'compatible:llama3:8b', ready: true, price: null },
        { name: 'compatible:qwen', ready: true, price: null },
      ],
    );
    assert.deepEqual(server.log, ['GET /v1/models']);
  });

  it('stands when a compatible server is down', async () => {
    await server.close();
    const models = await listModels(hostOf({ PROMPTVAULT_COMPATIBLE_URL: server.url }));
    const compatible = models.filter(({ vendor }) => vendor === 'compatible');
    assert.deepEqual(
      compatible.map(({ ready }) => ready),
      [false],
    );
    assert.ok(models.some(({ vendor }) => vendor === 'openai'));
  });

  it("holds VS Code's models and those the user has priced", async () => {
    const editorModels: ModelHost['editorModels'] = {
      list: async () => ['copilot-x'],
      stream: () => assert.fail('nobody streams'),
    };
    const prices = async () => ({ 'openai:my-tuned': { input: 1, output: 2 } });
    const models = await listModels(hostOf({ OPENAI_API_KEY: 'k' }, { editorModels, prices }));
    assert.equal(models.find(({ name }) => name === 'vscode:copilot-x')?.ready, true);
    assert.equal(models.find(({ name }) => name === 'openai:my-tuned')?.price?.source, 'user');
  });
});

describe('a connection test', () => {
  afterEach(() => server?.close());
  const settings: { vendor: Vendor; env: (url: string) => { [name: string]: string } }[] = [
    { vendor: 'openai', env: (url) => ({ OPENAI_API_KEY: key, OPENAI_BASE_URL: url }) },
    { vendor: 'anthropic', env: (url) => ({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: url }) },
    { vendor: 'google', env: (url) => ({ GEMINI_API_KEY: key, GEMINI_BASE_URL: url }) },
    { vendor: 'compatible', env: (url) => ({ PROMPTVAULT_COMPATIBLE_KEY: key, PROMPTVAULT_COMPATIBLE_URL: url }) },
  ];
  for (const { vendor, env } of settings) {
    it(`passes for ${vendor} with a real request that costs nothing`, async () => {
      await serve({ models: ['one'], key });
      const result = await testConnection(vendor, hostOf(env(server.url)));
      assert.equal(result.ok, true, result.message);
      assert.equal(typeof result.latencyMs, 'number');
      assert.equal(server.requests.length, 0);
      assert.equal(server.log.length, 1);
    });

    it(`fails for ${vendor} with a wrong key and does not tell it`, async () => {
      await serve({ key: 'the-right-one' });
      const result = await testConnection(vendor, hostOf(env(server.url)));
      assert.equal(result.ok, false);
      assert.ok(!result.message.includes(key), result.message);
      assert.match(result.message, /401/);
    });
  }

  it('fails without a key or a server, with what to do', async () => {
    assert.equal((await testConnection('openai', hostOf({}))).ok, false);
    assert.equal((await testConnection('vscode', hostOf({}))).ok, false);
    const url = await serveNobody();
    const result = await testConnection('compatible', hostOf({ PROMPTVAULT_COMPATIBLE_URL: url }));
    assert.equal(result.ok, false);
    assert.match(result.message, /cannot be reached/);
  });

  it('refuses a key that no header can carry, without telling it', async () => {
    const broken = `${key}\u2019\n`;
    const host = hostOf({}, { connection: async () => ({ apiKey: broken }) });
    const result = await testConnection('openai', host);
    assert.equal(result.ok, false);
    assert.ok(!result.message.includes(key));
  });

  it('passes for echo', async () => {
    assert.equal((await testConnection('echo', hostOf({}))).ok, true);
  });
});
