import assert from 'node:assert/strict';
import { calcPrice } from '@pydantic/genai-prices';
import { assert as check, constantFrom, integer, property } from 'fast-check';
import { knownModels } from '../../../src/models/catalog.ts';
import { costOf, priceOf } from '../../../src/models/prices.ts';
import type { Price } from '../../../src/models/types.ts';

const known = Object.entries(knownModels).flatMap(([vendor, models]) => models.map((model) => ({ vendor, model })));
const listed = known.filter(({ vendor }) => vendor !== 'echo');

describe('prices', () => {
  for (const { vendor, model } of known) {
    it(`knows ${vendor}:${model}`, async () => {
      const price = await priceOf(`${vendor}:${model}`);
      assert.equal(price?.source, 'builtin');
      if (vendor !== 'echo') assert.ok((price?.input ?? 0) > 0 && (price?.output ?? 0) > 0);
    });
  }

  it('costs what the list says for any usage, long prompts and cached tokens too', async () => {
    const names = [...listed, { vendor: 'google', model: 'gemini-2.5-pro' }];
    const prices = new Map<string, Price | null>();
    for (const { vendor, model } of names) prices.set(`${vendor}:${model}`, await priceOf(`${vendor}:${model}`));
    await check(
      property(
        constantFrom(...names),
        integer({ min: 0, max: 900_000 }),
        integer({ min: 0, max: 100 }),
        integer({ min: 0, max: 60_000 }),
        ({ vendor, model }, input, percent, output) => {
          const cached = Math.floor((input * percent) / 100);
          const price = prices.get(`${vendor}:${model}`) ?? null;
          const ours = costOf({ input, output, cached }, price);
          const usage = { input_tokens: input, output_tokens: output, cache_read_tokens: cached };
          const theirs = calcPrice(usage, model, { providerId: vendor })?.total_price ?? Number.NaN;
          assert.ok(Math.abs((ours ?? Number.NaN) - theirs) < 1e-9, `${model}: ${ours} is not ${theirs}`);
        },
      ),
    );
  });

  it('does not know what nobody knows', async () => {
    for (const name of ['openai:no-such-model', 'compatible:llama3:8b', 'vscode:copilot-gpt-4o']) {
      const price = await priceOf(name);
      assert.equal(price, null);
      assert.equal(costOf({ input: 1, output: 1, cached: 0 }, price), null);
    }
    assert.equal(costOf(null, await priceOf('openai:gpt-5-mini')), null);
  });

  it("takes the user's own figures first", async () => {
    const overrides = { 'compatible:llama3:8b': { input: 1, output: 2 }, 'openai:gpt-5-mini': { input: 0, output: 0 } };
    assert.deepEqual(await priceOf('compatible:llama3:8b', overrides), {
      input: 1,
      output: 2,
      cached: null,
      source: 'user',
    });
    assert.equal(costOf({ input: 10, output: 10, cached: 5 }, await priceOf('compatible:llama3:8b', overrides)), 30e-6);
    assert.equal(costOf({ input: 10, output: 10, cached: 5 }, await priceOf('openai:gpt-5-mini', overrides)), 0);
  });

  it('knows that echo is free', async () => {
    assert.equal(costOf({ input: 1000, output: 1000, cached: 0 }, await priceOf('echo:echo')), 0);
  });
});
