import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { slackPayload } from '../../../src/publish/slackPayload.ts';
import type { Webhook } from '../../../src/publish/types.ts';
import type { WebhookPayload } from '../../../src/publish/webhookPayload.ts';
import { signWebhook, verifyWebhook } from '../../../src/publish/webhookSignature.ts';
import { diagnose } from '../../../src/vault/doctor.ts';
import { type EndpointServer, openEndpointServer } from '../../support/endpointServer.ts';
import { hookSecret, openPublishing, type PublishingTest, releaseText } from '../../support/publishing.ts';
import { createReleased } from '../../support/vaultBuilders.ts';

const secret = hookSecret;

describe('webhooks', () => {
  let server: EndpointServer;
  let test: PublishingTest;
  beforeEach(async () => {
    server = await openEndpointServer();
    test = openPublishing();
  });
  afterEach(async () => {
    test.remove();
    await server.close();
  });
  const listen = (more: Partial<Webhook> = {}) =>
    void test.settings.webhooks.push({ name: 'chat', url: server.url, secret, vaults: ['*'], ...more });
  const told = () => server.received.map(({ body }) => JSON.parse(body) as WebhookPayload);
  const status = async () => (await test.publisher.calls.listTargets()).find(({ name }) => name === 'chat')!;

  it('tell what was promoted, from what, by whom and why, signed over the body as it came', async () => {
    listen({ actions: ['promoted.TST', 'promoted.PRD', 'retired', 'moved'] });
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    const version = releaseText(test.vault, 'a', 'Sort this mail kindly.');
    test.vault.move({ path: 'a', to: 'b' });
    await test.publisher.deliverAll();
    const actions = ['promoted.TST', 'promoted.PRD', 'promoted.TST', 'promoted.PRD', 'retired', 'moved'];
    assert.deepEqual(
      told()
        .map(({ action }) => action)
        .sort(),
      actions.sort(),
    );
    const promoted = told().find(({ action, prompt }) => action === 'promoted.PRD' && prompt?.version === version)!;
    const { hash } = test.vault.show({ ref: 'b@PRD' });
    const { prompt, actor, diff, type, apiVersion } = promoted;
    assert.deepEqual(prompt, { path: 'a', version: '1.1', hash, stage: 'PRD', previous: '1.0' });
    assert.deepEqual([type, apiVersion, actor], ['prompt', 1, 'Priya <priya@example.com>']);
    assert.deepEqual([diff?.summary.messages, diff?.summary.wordsAdded], [1, 1]);
    assert.match(diff?.text ?? '', /^\+Sort this mail kindly\.$/m);
    const moved = told().find(({ action }) => action === 'moved');
    assert.deepEqual([moved?.prompt?.movedFrom, moved?.prompt?.path], ['a', 'b']);
    const retired = told().find(({ action }) => action === 'retired');
    assert.deepEqual([retired?.prompt?.version, retired?.prompt?.replacedBy], ['1.0', '1.1']);
    for (const { headers, body } of server.received) {
      const signature = String(headers['x-promptvault-signature']);
      assert.ok(verifyWebhook({ secret, signature, rawBody: body }));
      assert.ok(!verifyWebhook({ secret, signature, rawBody: body.replace('prompt', 'Prompt') }));
      assert.equal(headers['idempotency-key'], (JSON.parse(body) as WebhookPayload).id);
    }
  });

  it('tell of a rollback once, with its reason and what changes', async () => {
    listen();
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    releaseText(test.vault, 'a', 'Invent refunds.');
    await test.publisher.deliverAll();
    const before = told().length;
    test.vault.rollback({ path: 'a', to: '1.0', reason: '1.1 invents refunds' });
    await test.publisher.deliverAll();
    const [rollback, ...more] = told().slice(before);
    assert.deepEqual(more, []);
    assert.deepEqual([rollback?.action, rollback?.reason], ['rolledBack', '1.1 invents refunds']);
    const { version, previous, rollbackOf } = rollback!.prompt!;
    assert.deepEqual([version, previous, rollbackOf], ['1.2', '1.1', '1.0']);
    assert.match(rollback?.diff?.text ?? '', /^-Invent refunds\.$/m);
  });

  it('say the same under the same key at each attempt, and are told again when a person asks', async () => {
    listen();
    server.answer = (_, response) => response.writeHead(503).end();
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    const wait = (await test.publisher.deliverAll())!;
    assert.ok(wait > 9000 && wait <= 10_000);
    const [first] = await test.publisher.calls.deliveries({ target: 'chat' });
    assert.deepEqual([first?.state, first?.attempts.length], ['pending', 1]);
    server.answer = () => undefined;
    const again = await test.publisher.calls.redeliver({ id: first!.id });
    assert.deepEqual(
      again.attempts.map(({ status: code }) => code),
      [503, 204],
    );
    const third = await test.publisher.calls.redeliver({ id: first!.id });
    assert.deepEqual([third.state, third.attempts.length], ['delivered', 3]);
    assert.equal(new Set(server.received.map(({ body }) => body)).size, 1);
    assert.equal(new Set(server.received.map(({ headers }) => headers['idempotency-key'])).size, 1);
  });

  it('are switched off after five deliveries that failed one after the other, visibly, until a person switches them on', async () => {
    listen();
    server.answer = (_, response) => response.writeHead(410).end();
    await test.release(() => createReleased(test.vault, { path: 'p0' }));
    await test.publisher.deliverAll();
    for (let n = 1; n < 7; n += 1) createReleased(test.vault, { path: `p${n}` });
    for (let n = 0; n < 3; n += 1) await test.publisher.deliverAll();
    const { state, stateReason, failed, lastError } = await status();
    assert.deepEqual([state, stateReason === null, lastError?.includes('410')], ['off', false, true]);
    assert.ok(failed >= 5 && server.received.length < 9);
    const { outbox, steps } = diagnose(test.held.file, { root: dirname(test.held.file) });
    assert.deepEqual(outbox.off, ['chat']);
    assert.ok(steps.some((step) => step.includes('promptvault webhook enable chat')));
    const before = server.received.length;
    createReleased(test.vault, { path: 'unheard' });
    await test.publisher.deliverAll();
    assert.equal(server.received.length, before);
    server.answer = () => undefined;
    await test.publisher.calls.setTarget({ name: 'chat', state: 'on' });
    createReleased(test.vault, { path: 'heard' });
    await test.publisher.deliverAll();
    assert.ok(told().some(({ prompt }) => prompt?.path === 'heard'));
    assert.ok(!told().some(({ prompt }) => prompt?.path === 'unheard'));
  });

  it('count failures anew after one that arrived', async () => {
    listen();
    server.answer = ({ body }, response) => {
      if (!body.includes('"path":"good"')) response.writeHead(400).end();
    };
    await test.release(() => createReleased(test.vault, { path: 'p0' }));
    for (const path of ['p1', 'p2', 'p3', 'good', 'p4', 'p5', 'p6', 'p7']) {
      createReleased(test.vault, { path });
      await test.publisher.deliverAll();
    }
    assert.equal((await status()).state, 'on');
  });

  it('are tried out with a test, whose answer says how it went', async () => {
    listen();
    const { state, action, attempts } = await test.publisher.calls.testWebhook({ name: 'chat' });
    assert.deepEqual([state, action, attempts[0]?.status], ['delivered', 'test', 204]);
    assert.equal(told()[0]?.type, 'test');
    await assert.rejects(test.publisher.calls.syncTarget({ name: 'chat' }), { code: 'INVALID_INPUT' });
  });

  it('follow no redirect, such as to a metadata service', async () => {
    listen();
    const location = 'http://169.254.169.254/latest/meta-data';
    server.answer = (_, response) => response.writeHead(307, { location }).end();
    const { state, attempts } = await test.publisher.calls.testWebhook({ name: 'chat' });
    assert.deepEqual([state, attempts.length, attempts[0]?.status], ['failed', 1, 307]);
  });

  it('go to no private network or this machine by another name, unless the user says so', async () => {
    const urls = [
      'https://10.0.0.1/',
      'https://192.168.1.1/',
      'https://[fd00::1]/',
      'https://2130706433/x',
      'file:///etc/passwd',
    ];
    for (const url of urls) {
      test.settings.webhooks.length = 0;
      listen({ url });
      assert.equal((await status()).address, url.includes('2130706433') ? 'https://127.0.0.1/x' : null, url);
    }
    test.settings.webhooks.length = 0;
    // A name that looks like any other and leads to this machine.
    listen({ url: `https://${hostname()}:9/` });
    const { state, attempts } = await test.publisher.calls.testWebhook({ name: 'chat' });
    assert.deepEqual([state, attempts[0]?.status], ['failed', null]);
    assert.match(attempts[0]?.error ?? '', /address that nothing may be sent to/);
  });

  it('leave no secret in the vault or in what is told', async () => {
    listen({ headers: { 'x-api-key': 'canary-header' } });
    server.answer = (_, response) => response.writeHead(403).end(secret);
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    await test.publisher.deliverAll();
    const said = JSON.stringify([await status(), await test.publisher.calls.deliveries({ target: 'chat' })]);
    assert.equal(server.received[0]?.headers['x-api-key'], 'canary-header');
    assert.ok(!said.includes('canary') && !readFileSync(test.held.file).includes('canary'));
    test.settings.webhooks[0]!.headers = { 'x-api-key': 'canary\r\nx: y' };
    await assert.rejects(
      test.publisher.calls.testWebhook({ name: 'chat' }),
      (error: Error) => !/canary/.test(error.message),
    );
  });

  it('need a secret, unless they are Slack’s', async () => {
    listen({ secret: 'short' });
    assert.notEqual((await status()).problem, null);
    test.settings.webhooks.length = 0;
    listen({ secret: undefined, format: 'slack' });
    assert.deepEqual([(await status()).problem, (await status()).address], [null, new URL(server.url).origin]);
  });
});

describe('the signature of a webhook', () => {
  const rawBody = '{"a":1}';
  const at = new Date('2026-01-05T10:00:00Z');
  const signature = signWebhook(secret, rawBody, at);
  const check = (more: object) => verifyWebhook({ secret, signature, rawBody, now: at, ...more });

  it('is the HMAC-SHA256 over the time, a dot and the raw body', () => {
    // printf '1767607200.{"a":1}' | openssl dgst -sha256 -hmac canary-secret-of-a-webhook
    assert.equal(signature, `t=1767607200,s=d6ceddcdd8bd64968c211999c109d1160e6d1250840db6af34679b282efd1d76`);
  });

  it('holds for five minutes, for this secret and for this body alone', () => {
    assert.ok(check({}) && check({ rawBody: Buffer.from(rawBody) }));
    assert.ok(check({ now: new Date(at.getTime() + 299_000) }));
    assert.ok(!check({ now: new Date(at.getTime() + 301_000) }) && !check({ now: new Date(at.getTime() - 301_000) }));
    assert.ok(!check({ secret: 'another' }) && !check({ secret: '' }) && !check({ rawBody: '{"a": 1}' }));
    for (const broken of ['', 't=1', signature.replace('t=1', 't=2'), signature.slice(0, -1), `${signature}0`]) {
      assert.ok(!check({ signature: broken }), broken);
    }
  });
});

describe('what Slack is told', () => {
  const payload: WebhookPayload = {
    ...{ id: 'k', timestamp: 't', type: 'prompt', apiVersion: 1, action: 'rolledBack', vault: 'v' },
    prompt: { path: 'support/triage', version: '1.2', previous: '1.1', hash: 'h', stage: 'PRD', rollbackOf: '1.0' },
    reason: '<!channel> invents & promises <https://evil.example|refunds>',
    actor: 'Ada <ada@example.org>',
    diff: {
      summary: { messages: 1, wordsAdded: 1, wordsRemoved: 1, settings: [], variables: [] },
      text: '-``` <!here> old\n+new',
    },
  };

  it('says path, version, reason and diff, and mentions nobody', () => {
    const text = JSON.stringify(slackPayload(payload));
    for (const part of ['support/triage v1.2', 'rolled back', 'invents', '+new', 'v1.0', 'v1.1']) {
      assert.ok(text.includes(part), part);
    }
    assert.doesNotMatch(text, /<!|<http|<@/);
    const [, , diff] = slackPayload(payload).blocks as { text: { text: string } }[];
    assert.equal(diff?.text.text.split('```').length, 3, 'the diff cannot end its block');
  });

  it('stays below what Slack takes', () => {
    const long = { ...payload, reason: '&'.repeat(5000), diff: { ...payload.diff!, text: '<'.repeat(9000) } };
    const { text, blocks } = slackPayload(long);
    const texts = blocks.flatMap((block) => ('text' in block && block.text ? [block.text.text] : []));
    assert.ok(text.length < 3000 && texts.every((one) => one.length <= 3000));
  });
});
