import assert from 'node:assert/strict';
import { collect, streamWithRetry } from '../../../src/models/complete.ts';
import { loadProvider } from '../../../src/models/providers.ts';
import { type Aimock, startAimock } from '../../support/aimock.ts';

const paths = {
  openai: '/v1/chat/completions',
  compatible: '/v1/chat/completions',
  anthropic: '/v1/messages',
  google: '/v1beta/models/model-of-google:streamGenerateContent?alt=sse',
} as const;
type Spoken = keyof typeof paths;

describe('an independent model of the vendors’ APIs', () => {
  let aimock: Aimock;
  beforeEach(async () => {
    aimock = await startAimock((prompt, model) => `${model} heard: ${prompt}`);
  });
  afterEach(() => aimock.close());

  const ask = async (vendor: Spoken, settings = {}) => {
    const request = {
      model: `model-of-${vendor}`,
      messages: [
        { role: 'system' as const, content: 'Be kind.' },
        { role: 'user' as const, content: `Hello ${vendor}` },
      ],
      settings,
    };
    const connection = { apiKey: `key-of-${vendor}`, baseUrl: aimock.url };
    return collect(streamWithRetry(await loadProvider(vendor), request, connection, { backoffMs: 1 }));
  };

  for (const vendor of Object.keys(paths) as Spoken[]) {
    it(`understands what is sent to ${vendor} and is understood`, async () => {
      const done = await ask(vendor, { temperature: 0.5, maxTokens: 77 });
      assert.equal(done.text, `model-of-${vendor} heard: Hello ${vendor}`);
      assert.deepEqual(done.usage, { input: 11, output: 5, cached: 0 });
      assert.equal(done.finishReason, 'stop');
      const [entry, ...others] = aimock.requests();
      assert.deepEqual(others, []);
      assert.equal(entry?.path, paths[vendor]);
      const body = entry?.body as { messages: { role: string; content: string }[]; temperature: number };
      assert.deepEqual(
        body.messages.map(({ role, content }) => ({ role, content })),
        [
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: `Hello ${vendor}` },
        ],
      );
      assert.equal(body.temperature, 0.5);
    });

    it(`is asked again by ${vendor} after a rate limit`, async () => {
      aimock.mock.nextRequestError(429, { message: 'slow down', type: 'rate_limit_error' });
      const done = await ask(vendor);
      assert.equal(done.attempts, 2);
      assert.equal(aimock.requests().length, 2);
    });
  }
});
