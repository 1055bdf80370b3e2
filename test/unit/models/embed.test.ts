import assert from 'node:assert/strict';
import { embedWithRetry, requireEmbed } from '../../../src/models/embed.ts';
import { priceOf } from '../../../src/models/prices.ts';
import { loadProvider } from '../../../src/models/providers.ts';
import type { Vendor } from '../../../src/models/types.ts';
import { type ModelScript, type ModelServer, startModelServer } from '../../support/modelServer.ts';

describe('embeddings', () => {
  let server: ModelServer;
  afterEach(() => server.close());

  const embed = async (vendor: Vendor, texts: string[], script: ModelScript = {}) => {
    server = await startModelServer(script);
    const provider = requireEmbed(await loadProvider(vendor), vendor);
    const connection = { apiKey: `key-of-${vendor}`, baseUrl: server.url };
    return embedWithRetry(provider, { model: 'embed-test', texts }, connection, { backoffMs: 1 });
  };

  for (const vendor of ['openai', 'compatible', 'google'] as const) {
    it(`of ${vendor} are one vector per text, in the order of the texts`, async () => {
      const { vectors, inputTokens } = await embed(vendor, ['one', 'three'], { embed: (text) => [text.length, 1] });
      assert.deepEqual(vectors, [
        [3, 1],
        [5, 1],
      ]);
      assert.equal(inputTokens, vendor === 'google' ? null : 20);
      assert.equal(server.requests.length, 1);
      assert.equal(server.requests[0]?.key, `key-of-${vendor}`);
      assert.equal(server.requests[0]?.model, 'embed-test');
    });

    it(`of ${vendor} are asked for again after a rate limit, not after a wrong key`, async () => {
      const limited: ModelScript = { fault: ({ attempt }) => attempt === 0 && { kind: 'status', status: 429 } };
      assert.equal((await embed(vendor, ['a'], limited)).vectors.length, 1);
      assert.equal(server.requests.length, 2);
      await server.close();
      await assert.rejects(embed(vendor, ['a'], { fault: () => ({ kind: 'status', status: 401 }) }), (error: Error) => {
        assert.equal((error as { code?: string }).code, 'PROVIDER');
        assert.doesNotMatch(error.message, new RegExp(`key-of-${vendor}`));
        return true;
      });
      assert.equal(server.requests.length, 1);
    });
  }

  for (const vendor of ['anthropic', 'vscode', 'echo'] as const) {
    it(`are refused for ${vendor}, which has none`, async () => {
      await assert.rejects(embed(vendor, ['a']), { code: 'INVALID_INPUT' });
      assert.deepEqual(server.log, []);
    });
  }

  it('that are too few or empty are no answer', async () => {
    await assert.rejects(embed('openai', ['a'], { embed: () => [] }), { code: 'PROVIDER' });
  });

  it('cost what the list says for their input', async () => {
    server = await startModelServer();
    const price = await priceOf('openai:text-embedding-3-small');
    assert.equal(price?.input, 0.02);
    assert.equal(price?.output, 0);
  });
});
