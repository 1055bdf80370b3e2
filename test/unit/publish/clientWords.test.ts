import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { type ClientError, createClient } from '../../../src/publish/client/client.ts';

const path = 'support/triage';
const isInvalid = ({ code }: ClientError) => code === 'INVALID_INPUT';

describe('the words of a client', () => {
  const wrongWords: [string, { range?: string; version?: string }][] = [
    ['no path!', {}],
    ['a@2', {}],
    [path, { range: 'newest' }],
    [path, { range: 'latest' }],
    [path, { range: 'TST' }],
    [path, { version: '^2' }],
    [path, { version: '2.3', range: '^2' }],
    [path, { version: '' }],
  ];
  for (const [wrong, words] of wrongWords) {
    it(`are refused without asking: ${wrong} ${JSON.stringify(words)}`, async () => {
      let asked = 0;
      const fetch = async () => {
        asked += 1;
        return new Response('{}');
      };
      const client = createClient({ source: { url: 'https://prompts.example.com' }, fetch });
      await assert.rejects(client.get(wrong, words), isInvalid);
      assert.equal(asked, 0);
    });
  }

  for (const url of ['', 'localhost:80', 'ftp://a', 'https://user@host', 'https://host?key=1']) {
    it(`are no address: "${url}"`, () => {
      assert.throws(() => createClient({ source: { url } }), isInvalid);
    });
  }

  for (const token of ['pv_1_secret\n\nThis is the only time', 'pv_1_secret é', ' ']) {
    it(`are no token, which nobody is told: ${JSON.stringify(token)}`, () => {
      const made = () => createClient({ source: { url: 'https://prompts.example.com', token } });
      assert.throws(made, (error: ClientError) => isInvalid(error) && !inspect(error).includes('secret'));
    });
  }

  it('are a token also with the line break at the end of its file', async () => {
    const sent: (string | null)[] = [];
    const fetch: typeof globalThis.fetch = async (_url, init) => {
      sent.push(new Headers(init?.headers).get('authorization'));
      return new Response('{}', { status: 401 });
    };
    const client = createClient({ source: { url: 'https://prompts.example.com', token: 'pv_1_secret\n' }, fetch });
    await assert.rejects(client.get(path), ({ code }: ClientError) => code === 'UNAUTHORIZED');
    assert.deepEqual(sent, ['Bearer pv_1_secret']);
  });

  it('are no options: sources nobody knows, negative times, sizes of none', () => {
    const source = { bundle: {} };
    const wrong: object[] = [
      { source: {} },
      { source: undefined },
      { source: { bundle: 7 } },
      { source: { vault: '' } },
    ];
    wrong.push(
      { source, ttlMs: -1 },
      { source, ttlMs: Number.NaN },
      { source, timeoutMs: 0 },
      { source, maxEntries: 0 },
    );
    for (const options of wrong) assert.throws(() => createClient(options as never), isInvalid);
  });
});
