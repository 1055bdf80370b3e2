import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { reachModels } from '../../../src/engine/reachModels.ts';
import { tryModel } from '../../../src/engine/tryModel.ts';
import type { Connection } from '../../../src/models/types.ts';

const prices = async () => ({});
const request = { messages: [{ role: 'user' as const, content: 'Hello' }], settings: {} };

describe('reaching the models', () => {
  it('refuses a vscode: model outside of VS Code before anything is run', async () => {
    const models = reachModels({ connection: async () => ({}), prices });
    await assert.rejects(models.reach('vscode:gpt-4o'), { code: 'INVALID_INPUT' });
    await assert.rejects(models.stream('vscode:gpt-4o', request, new AbortController().signal), {
      code: 'INVALID_INPUT',
    });
  });

  it('counts neither the wait for a key nor the loading of code as a model’s latency', async () => {
    const keyMs = 400;
    const slowKey = async (): Promise<Connection> => {
      await sleep(keyMs);
      return {};
    };
    const models = reachModels({ connection: slowKey, prices });
    const began = performance.now();
    const { text, latencyMs, firstTokenMs } = await tryModel(
      models,
      { model: 'echo:echo', request, prices: {} },
      { onEvent: () => undefined, signal: new AbortController().signal },
    );
    assert.equal(text, 'Hello');
    assert.ok(performance.now() - began >= keyMs - 1);
    assert.ok(latencyMs < keyMs / 2 && (firstTokenMs ?? keyMs) < keyMs / 2, `${latencyMs} ms`);
  });
});
