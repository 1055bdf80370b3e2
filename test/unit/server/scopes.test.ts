import assert from 'node:assert/strict';
import { release, type ServedVault, serveNewVault } from '../../support/servedVault.ts';
import { userMessage } from '../../support/vaultBuilders.ts';

describe('a token for PRD alone', () => {
  let served: ServedVault;
  before(async () => {
    served = await serveNewVault();
    await release(served.engine);
    await served.engine.create({ path: 'secret/plan', messages: [userMessage('Not yet.')] });
  });
  after(() => served.close());
  const ask = (path: string, body?: object) =>
    served.ask(path, body ? { method: 'POST', body: JSON.stringify(body) } : {}, 'read-prd');

  it('gets and renders what is released', async () => {
    assert.equal((await ask('/v1/get/support/triage')).json.version, '1.0');
    assert.equal((await ask('/v1/get/support/triage?range=%5E1')).json.version, '1.0');
    const { json } = await ask('/v1/render/support/triage', { values: { mail: 'this' } });
    assert.deepEqual(json.messages, [userMessage('Sort this.')]);
  });

  it('is told the same of a draft as of what there is not', async () => {
    for (const path of ['/v1/get/secret/plan', '/v1/get/secret/plam', '/v1/get/support/triage?version=1.1']) {
      const { status, json } = await ask(path);
      assert.equal(status, 404);
      assert.deepEqual(Object.keys(json.details as object), ['ref']);
      assert.doesNotMatch(JSON.stringify(json), /DEV|TST|no prompt/);
    }
    assert.equal((await ask('/v1/render/support/triage', { values: { mail: 'x' }, version: '1.1' })).status, 404);
  });

  it('lists what is in PRD, without a word on drafts', async () => {
    const { json } = await ask('/v1/prompts');
    assert.deepEqual(json, {
      total: 1,
      next: null,
      prompts: [
        { path: 'support/triage', title: 'triage', description: 'For mail.', tags: ['mail'], stages: { PRD: '1.0' } },
      ],
    });
  });

  it('cannot ask for what would tell of drafts', async () => {
    for (const query of ['stage=DEV', 'search=zebra', 'order=recent', 'label=x']) {
      const { status, json } = await ask(`/v1/prompts?${query}`);
      assert.deepEqual([status, json.code], [403, 'FORBIDDEN'], query);
    }
  });

  it('sees the same over GraphQL', async () => {
    const query = `{
      get(path: "support/triage") { version }
      prompts { total prompts { path latest stages { PRD DEV } } }
    }`;
    const { status, json } = await ask('/graphql', { query });
    assert.equal(status, 200);
    assert.deepEqual(json.data, {
      get: { version: '1.0' },
      prompts: { total: 1, prompts: [{ path: 'support/triage', latest: null, stages: { PRD: '1.0', DEV: null } }] },
    });
    for (const field of [
      'version(path: "support/triage", ref: "1.1") { hash }',
      'history(path: "support/triage") { path }',
      'diff(path: "support/triage", from: "PRD", to: "latest") { unified }',
      'prompts(search: "zebra") { total }',
    ]) {
      const refused = (await ask('/graphql', { query: `{ ${field} }` })).json as {
        errors: { extensions: { code: string } }[];
      };
      assert.equal(refused.errors[0]?.extensions.code, 'FORBIDDEN', field);
    }
  });

  it('is answered from what was kept for tokens of its own scope only', async () => {
    const whole = (await served.ask('/v1/prompts')).json as { total: number };
    const own = (await ask('/v1/prompts')).json as { total: number };
    assert.deepEqual([whole.total, own.total], [2, 1]);
  });
});

describe('a token for writing', () => {
  let served: ServedVault;
  before(async () => {
    served = await serveNewVault();
    await release(served.engine);
  });
  after(() => served.close());
  const send = (method: string, path: string, body: object, headers?: Record<string, string>) =>
    served.ask(path, { method, headers, body: JSON.stringify(body) }, 'write');

  it('leaves its name in the log of the vault', async () => {
    const made = await send('POST', '/v1/prompts', { path: 'by/token', messages: [userMessage('Hi')] });
    assert.equal(made.status, 201);
    assert.equal(made.headers.get('location'), '/v1/versions/by/token?ref=1.0');
    assert.equal(made.json.createdBy, 'token:for write');
    const { events } = await served.engine.history({ path: 'by/token' });
    assert.deepEqual([...new Set(events.map(({ actor }) => actor))], ['token:for write']);
    await served.engine.editPrompt({ path: 'by/token', title: 'By hand' });
    assert.equal((await served.engine.history({ path: 'by/token' })).events.at(-1)?.actor, 'Ada');
  });

  it('edits a draft only at the revision it read', async () => {
    const path = '/v1/drafts/support/triage@1.1';
    const body = { messages: [userMessage('Better {{mail}}.')] };
    assert.equal((await send('PUT', path, body)).status, 428);
    const stale = await send('PUT', path, body, { 'if-match': '"1"' });
    assert.deepEqual([stale.status, stale.json.code], [412, 'CONFLICT']);
    assert.deepEqual(stale.json.details, { expected: 1, actual: { version: '1.1', revision: 2 } });
    const saved = await send('PUT', path, body, { 'if-match': '"2"' });
    assert.deepEqual([saved.status, saved.json.revision, saved.headers.get('etag')], [200, 3, '"3"']);
  });

  it('cannot change what is released', async () => {
    const body = { messages: [userMessage('Changed')] };
    const refused = await send('PUT', '/v1/drafts/support/triage@1.0', body, { 'if-match': '1' });
    assert.deepEqual([refused.status, refused.json.code], [403, 'RULE']);
    assert.equal((await served.ask('/v1/get/support/triage')).json.version, '1.0');
  });

  it('is refused what is there already, and versions of what is not', async () => {
    const again = await send('POST', '/v1/prompts', { path: 'support/triage', messages: [userMessage('Hi')] });
    assert.deepEqual([again.status, again.json.code], [409, 'EXISTS']);
    assert.equal((await send('POST', '/v1/versions/no/such', {})).status, 404);
  });
});
