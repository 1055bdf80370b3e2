import assert from 'node:assert/strict';
import { previewOf } from '../../../src/publish/previewRequest.ts';
import { readTarget } from '../../../src/publish/readTarget.ts';
import { differenceOf } from '../../../src/publish/storeClient.ts';
import type { SyncTarget } from '../../../src/publish/types.ts';
import { contentHash } from '../../../src/vault/canonical.ts';
import type { Content, Served } from '../../../src/vault/types.ts';

const content: Content = {
  messages: [{ role: 'user', content: 'Hi {{a}} "ü"' }],
  settings: {},
  variables: [{ name: 'a' }],
};
const served: Served = { path: 'support/triage', version: '2.1', hash: contentHash(content), ...content };
const json = JSON.stringify(served);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const shown = ({ method, url, body }: { method: string; url: URL; body?: string }) => [method, url.href, body];
const target = (settings: Partial<SyncTarget>) => readTarget({ name: 't', url: 'https://host', ...settings });

describe('requests of a target', () => {
  const key = 'promptvault/support/triage';
  const spelled = 'promptvault%2Fsupport%2Ftriage';
  const url = 'https://host/base/';
  /** As the stores' own documents say; the ones that run here are asked for real in another test. */
  const presets = [
    {
      preset: 'etcd',
      put: ['POST', 'https://host/base/v3/kv/put', JSON.stringify({ key: base64(key), value: base64(json) })],
      remove: ['POST', 'https://host/base/v3/kv/deleterange', JSON.stringify({ key: base64(key) })],
      get: ['POST', 'https://host/base/v3/kv/range', JSON.stringify({ key: base64(key) })],
      header: ['authorization', 'canary'],
    },
    {
      preset: 'consul',
      put: ['PUT', `https://host/base/v1/kv/${key}`, json],
      remove: ['DELETE', `https://host/base/v1/kv/${key}`, undefined],
      get: ['GET', `https://host/base/v1/kv/${key}?raw`, undefined],
      header: ['x-consul-token', 'canary'],
    },
    {
      preset: 'couchdb',
      put: ['PUT', `https://host/base/${spelled}`, json],
      remove: ['DELETE', `https://host/base/${spelled}`, undefined],
      get: ['GET', `https://host/base/${spelled}`, undefined],
      header: ['authorization', 'Bearer canary'],
    },
    {
      preset: 'cloudflare-kv',
      put: ['PUT', `https://host/base/values/${spelled}`, json],
      remove: ['DELETE', `https://host/base/values/${spelled}`, undefined],
      get: ['GET', `https://host/base/values/${spelled}`, undefined],
      header: ['authorization', 'Bearer canary'],
    },
  ] as const;
  for (const { preset, put, remove, get, header } of presets) {
    it(`are as ${preset} takes them`, () => {
      const made = target({ preset, url, token: 'canary' });
      assert.deepEqual(shown(made.put(served, 'k')), put);
      assert.deepEqual(shown(made.remove(served, 'k')!), remove);
      assert.deepEqual(shown(made.get(served)), get);
      const { headers } = made.put(served, 'k');
      assert.equal(headers[header[0]], header[1]);
      assert.equal(headers['x-promptvault-hash'], undefined, 'a store that reads none of ours gets none');
    });
  }

  it('are signed for S3, with the secret key nowhere in them', () => {
    const s3 = { region: 'eu-central-1', accessKeyId: 'ID', secretAccessKey: 'canary' };
    const { headers, url: address } = target({ preset: 's3', url: 'https://host/bucket', s3 }).put(served, 'k');
    assert.equal(address.href, `https://host/bucket/${key}`);
    assert.match(
      String(headers.authorization),
      /^AWS4-HMAC-SHA256 Credential=ID\/\d{8}\/eu-central-1\/s3\/aws4_request,/,
    );
    assert.ok(!JSON.stringify(headers).includes('canary'));
    assert.throws(() => target({ preset: 's3' }), { code: 'INVALID_INPUT' });
  });

  it('are as a template says, whatever letters the prompt has', () => {
    const made = target({
      url: 'https://host/api',
      separator: ':',
      prefix: 'p-',
      token: 'canary',
      put: {
        method: 'POST',
        url: '/set/{key}?v={version}',
        headers: { 'X-Hash': '{hash}', 'x-mine': 'as it is {unknown}' },
        body: { key: '{key}', all: ['{value}', { text: '{text}', coded: '{text:base64}' }], n: 1 },
      },
    });
    const { method, url: address, headers, body } = made.put(served, 'the key');
    assert.deepEqual([method, address.href], ['POST', 'https://host/api/set/p-support%3Atriage?v=2.1']);
    const text = content.messages[0]!.content;
    assert.deepEqual(JSON.parse(body!), { key: 'p-support:triage', all: [json, { text, coded: base64(text) }], n: 1 });
    assert.deepEqual([headers['x-hash'], headers['x-mine']], [served.hash, 'as it is {unknown}']);
    assert.deepEqual([headers['idempotency-key'], headers.authorization], ['the key', 'Bearer canary']);
    assert.deepEqual(shown(made.remove(served, 'k')!).slice(0, 2), [
      'DELETE',
      'https://host/api/set/p-support%3Atriage?v=2.1',
    ]);
    assert.equal(target({ remove: false }).remove(served, 'k'), null);
  });

  it('send a text where a text is wanted', () => {
    const { body, headers } = target({ put: { body: 'text' } }).put(served, 'k');
    assert.deepEqual([body, headers['content-type']], [content.messages[0]!.content, 'text/plain; charset=utf-8']);
  });

  const refused: Partial<SyncTarget>[] = [
    { name: '../x' },
    { name: '' },
    { url: 'http://example.com' },
    { url: 'https://169.254.169.254/' },
    { put: { url: 'https://elsewhere.example/{path}' } },
    { remove: { url: 'http://169.254.169.254/{path}' } },
    { url: 'https://{path}.example.com' },
    { preset: 'redis' as never },
    { headers: { 'x-key': 'canary\r\nx: y' } },
    { problem: 'a variable is not set' },
  ];
  for (const settings of refused) {
    it(`are none for ${JSON.stringify(settings)}`, () => {
      assert.throws(
        () => target(settings),
        (error: { code: string; message: string }) =>
          error.code === 'INVALID_INPUT' && !error.message.includes('canary'),
      );
    });
  }

  it('are shown without what is secret', () => {
    const made = target({
      url: 'https://host/{path}?key=canary',
      token: 'canary',
      headers: { cookie: 'canary' },
      put: { url: '/t/canary/{key}' },
    });
    const preview = previewOf(made.put(served, 'k'), made);
    assert.ok(!JSON.stringify([preview, made.address, made.stateKey]).includes('canary'));
    assert.deepEqual([preview.method, preview.bytes], ['PUT', Buffer.byteLength(json)]);
  });
});

describe('differenceOf', () => {
  it('knows what is the same: the JSON with whatever a store adds, or the text', () => {
    assert.equal(differenceOf(json, served), null);
    assert.equal(differenceOf(JSON.stringify({ _id: 'x', _rev: '1-a', ...served }), served), null);
    assert.equal(differenceOf(content.messages[0]!.content, served), null);
  });

  const others: [string, string][] = [
    ['a text changed behind its hash', json.replace('Hi', 'Ho')],
    ['another content with its own hash', JSON.stringify({ ...served, ...other('Ho') })],
    ['an older number', JSON.stringify({ ...served, version: '2.0' })],
    ['another path', JSON.stringify({ ...served, path: 'x' })],
    ['another text', 'Ho'],
    ['no prompt at all', '{}'],
    ['nothing', 'null'],
    ['a broken prompt', JSON.stringify({ ...served, messages: 1 })],
  ];
  for (const [what, found] of others) {
    it(`tells ${what}`, () => assert.notEqual(differenceOf(found, served), null));
  }
});

function other(text: string) {
  const changed: Content = { ...content, messages: [{ role: 'user', content: text }] };
  return { ...changed, hash: contentHash(changed) };
}
