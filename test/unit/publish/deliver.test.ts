import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { readTarget } from '../../../src/publish/readTarget.ts';
import { thisOwner } from '../../../src/vault/processOwner.ts';
import { type EndpointServer, openEndpointServer } from '../../support/endpointServer.ts';
import { openPublishing, type PublishingTest, releaseText } from '../../support/publishing.ts';
import { createReleased, userMessage } from '../../support/vaultBuilders.ts';

describe('delivering to sync targets', () => {
  let server: EndpointServer;
  let test: PublishingTest;
  beforeEach(async () => {
    server = await openEndpointServer();
    test = openPublishing();
    const vaults = [dirname(test.held.file)];
    test.settings.targets.push({ name: 'prod', url: server.url, token: 'canary-token', automatic: true, vaults });
  });
  afterEach(async () => {
    test.remove();
    await server.close();
  });
  const requests = () => server.received.map(({ method, path }) => `${method} ${path.replace('/prompts/', '')}`);
  const versions = () => server.received.map(({ headers }) => headers['x-promptvault-version']);
  const stateKey = () => readTarget(test.settings.targets[0]!).stateKey;
  const status = async (name = 'prod') => (await test.publisher.calls.listTargets()).find((one) => one.name === name)!;

  it('sends what is promoted, rolled back and moved, each once, in order, under keys of their own', async () => {
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    await test.publisher.deliverAll();
    releaseText(test.vault, 'a', 'Better');
    await test.publisher.deliverAll();
    test.vault.rollback({ path: 'a', to: '1.0', reason: 'worse' });
    await test.publisher.deliverAll();
    test.vault.move({ path: 'a', to: 'b/a' });
    await test.publisher.deliverAll();
    test.vault.move({ path: 'b/a', to: 'a' });
    assert.equal(await test.publisher.deliverAll(), null);
    assert.deepEqual(requests().slice(0, 3), ['PUT a', 'PUT a', 'PUT a']);
    assert.deepEqual(versions().slice(0, 3), ['1.0', '1.1', '1.2']);
    assert.deepEqual(requests().slice(3, 5).sort(), ['DELETE a', 'PUT b/a']);
    assert.deepEqual(requests().slice(5).sort(), ['DELETE b/a', 'PUT a']);
    const keys = server.received.map(({ headers }) => headers['idempotency-key']);
    assert.equal(new Set(keys).size, keys.length);
    assert.ok(server.received.every(({ headers }) => headers.authorization === 'Bearer canary-token'));
    const { pending, failed, lastDeliveredAt } = await status();
    assert.deepEqual([pending, failed, lastDeliveredAt === null], [0, 0, false]);
  });

  it('sends nothing from a vault that is not named, whatever waits in it, and nothing without vaults', async () => {
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    const clone = join(test.held.file, '..', '..', 'clone', 'vault.db');
    mkdirSync(dirname(clone));
    copyFileSync(test.held.file, clone);
    const other = test.other(clone);
    await other.publisher.deliverAll();
    await other.publisher.calls.deliverDue({});
    test.settings.targets[0]!.vaults = undefined;
    await test.publisher.deliverAll();
    assert.deepEqual(requests(), []);
    assert.notEqual((await status()).problem, null);
    await assert.rejects(other.publisher.calls.syncTarget({ name: 'nowhere' }), { code: 'NOT_FOUND' });
    test.settings.targets[0]!.vaults = ['/somewhere/else'];
    await assert.rejects(test.publisher.calls.syncTarget({ name: 'prod' }), { code: 'INVALID_INPUT' });
  });

  it('keeps what cannot be sent, waits longer each time, and then sends the newest alone', async () => {
    server.answer = (_, response) => response.writeHead(503).end();
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    const wait = await test.publisher.deliverAll();
    assert.ok(wait !== null && wait > 1000);
    assert.deepEqual(versions(), ['1.0']);
    releaseText(test.vault, 'a', 'Better');
    await test.publisher.deliverAll();
    assert.deepEqual(versions(), ['1.0'], 'a newer one does not overtake, and the older one waits');
    assert.equal((await status()).pending, 2);
    server.answer = () => undefined;
    await test.publisher.calls.setTarget({ name: 'prod', state: 'on' });
    await test.publisher.deliverAll();
    assert.deepEqual(versions(), ['1.0', '1.1']);
    const [newest, oldest] = await test.publisher.calls.deliveries({ target: 'prod' });
    assert.deepEqual([newest?.state, oldest?.state], ['delivered', 'delivered']);
    assert.deepEqual(
      oldest?.attempts.map(({ status: code }) => code),
      [503, 200],
    );
  });

  it('asks one that wants to be asked at once after a second all the same', async () => {
    server.answer = (_, response) => response.writeHead(503, { 'retry-after': '0' }).end();
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    const wait = (await test.publisher.deliverAll())!;
    assert.ok(wait > 500 && requests().length === 1);
    server.answer = () => undefined;
    await test.publisher.calls.syncTarget({ name: 'prod' });
    assert.deepEqual([requests().length, (await status()).pending], [2, 0], 'a person who syncs waits for nothing');
  });

  it('waits as long as a busy target asks for', async () => {
    server.answer = (_, response, number) => {
      if (number === 1) response.writeHead(429, { 'retry-after': '120' }).end();
    };
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    const wait = (await test.publisher.deliverAll())!;
    assert.ok(wait > 110_000 && wait <= 120_000);
  });

  it('lets the target rest when it refuses the token, and does not try what would fare the same', async () => {
    server.answer = (_, response) => response.writeHead(401).end('canary-token is wrong');
    await test.release(() => ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((path) => createReleased(test.vault, { path })));
    await test.publisher.deliverAll();
    assert.ok(requests().length <= 4);
    const { pending, lastError, state } = await status();
    assert.deepEqual([pending, state], [7, 'on']);
    assert.ok(lastError?.includes('HTTP 401'));
    assert.ok(!readFileSync(test.held.file).includes('canary'));
  });

  it('gives up on what a target finds too large, goes on with the rest, and sends it again when a person asks', async () => {
    server.answer = ({ path }, response) => void (path.endsWith('/a') && response.writeHead(413).end());
    await test.release(() => ['a', 'b'].map((path) => createReleased(test.vault, { path })));
    await test.publisher.deliverAll();
    const listed = await test.publisher.calls.deliveries({ target: 'prod' });
    assert.deepEqual(listed.map(({ path, state }) => `${path} ${state}`).sort(), ['a failed', 'b delivered']);
    server.answer = () => undefined;
    const again = await test.publisher.calls.redeliver({ id: listed.find(({ path }) => path === 'a')!.id });
    assert.deepEqual([again.state, again.attempts.map(({ status: code }) => code)], ['delivered', [413, 200]]);
  });

  it('delivers each once when two engines deliver at once', async () => {
    const paths = Array.from({ length: 8 }, (_, index) => `p${index}`);
    await test.release(() => paths.map((path) => createReleased(test.vault, { path })));
    const { publisher } = test.other();
    for (let round = 0; requests().length < 8 && round < 50; round += 1) {
      await Promise.all([test.publisher.deliverAll(), publisher.deliverAll()]);
    }
    assert.deepEqual(requests().sort(), paths.map((path) => `PUT ${path}`).sort());
  });

  it('leaves a target alone while a live engine has it, and takes over from one that is gone', async () => {
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    const claim = (owner: string) =>
      test.vault.database.writeUnlogged((tx) =>
        tx
          .prepare('UPDATE targets SET claimed_by = ?, claimed_until = ?')
          .run(owner, new Date(Date.now() + 60_000).toISOString()),
      );
    claim(`${thisOwner()} another`);
    await test.publisher.deliverAll();
    await assert.rejects(test.publisher.calls.syncTarget({ name: 'prod' }), { code: 'BUSY' });
    assert.deepEqual(requests(), []);
    claim(`${thisOwner().replace(/^\d+/, '999999999')} gone`);
    await test.publisher.deliverAll();
    assert.deepEqual(requests(), ['PUT a']);
  });

  it('does not deliver again what was delivered, when git brings back a vault of before', async () => {
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    const before = join(test.held.file, '..', '..', 'before.db');
    copyFileSync(test.held.file, before);
    await test.publisher.deliverAll();
    releaseText(test.vault, 'a', 'Better');
    await test.publisher.deliverAll();
    assert.deepEqual(versions(), ['1.0', '1.1']);
    copyFileSync(before, test.held.file);
    const { publisher } = test.other();
    await publisher.deliverAll();
    assert.deepEqual(versions(), ['1.0', '1.1'], 'an older version never comes after a newer one by itself');
    const [delivery] = await publisher.calls.deliveries({ target: 'prod' });
    assert.deepEqual([delivery?.state, delivery?.attempts], ['delivered', []]);
  });

  it('takes back what another branch does not have, and puts back its versions, when a person syncs', async () => {
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    await test.publisher.deliverAll();
    const before = join(test.held.file, '..', '..', 'before.db');
    copyFileSync(test.held.file, before);
    createReleased(test.vault, { path: 'b' });
    releaseText(test.vault, 'a', 'Better');
    await test.publisher.deliverAll();
    copyFileSync(before, test.held.file);
    const { publisher } = test.other();
    const sent = requests().length;
    const dry = await publisher.calls.syncTarget({ name: 'prod', dryRun: true });
    assert.deepEqual([dry.sent, dry.removed, requests().length], [1, 1, sent]);
    const [put, remove] = dry.items.map(({ request }) => request);
    assert.deepEqual([put?.method, put?.url], ['PUT', `${server.url}/a`]);
    assert.deepEqual([put?.headers.authorization, remove?.headers.authorization], ['…', '…']);
    assert.equal(put?.bytes, Buffer.byteLength(JSON.stringify(test.other().vault.get({ ref: 'a' }))));
    const report = await publisher.calls.syncTarget({ name: 'prod' });
    assert.deepEqual([report.sent, report.removed, report.failed], [1, 1, 0]);
    assert.deepEqual(requests().slice(sent).sort(), ['DELETE b', 'PUT a']);
    assert.equal((await publisher.calls.syncTarget({ name: 'prod' })).unchanged, 1);
  });

  it('brings a restored vault to its targets as a whole', async () => {
    await test.release(() => ['a', 'b'].map((path) => createReleased(test.vault, { path })));
    await test.publisher.deliverAll();
    test.vault.database.write((tx) => tx.appendEvent({ kind: 'vault.restored', details: { from: 'x.db' } }));
    await test.publisher.deliverAll();
    assert.equal(requests().length, 2);
    assert.equal((await status()).pending, 0);
  });

  it('stops queueing and sending where a person switched it off, and says so', async () => {
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    const { state, stateReason } = await test.publisher.calls.setTarget({ name: 'prod', state: 'off' });
    assert.deepEqual([state, stateReason === null], ['off', false]);
    releaseText(test.vault, 'a', 'Better');
    await test.publisher.deliverAll();
    assert.deepEqual([requests(), (await status()).pending], [[], 1]);
  });

  it('tells of targets that only the vault knows, and never sends to them', async () => {
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    test.settings.targets.length = 0;
    await test.publisher.deliverAll();
    const { address, pending } = await status();
    assert.deepEqual([address, pending, requests()], [null, 1, []]);
  });

  it('forgets a target with what waited for it, until somebody who has it set up uses it', async () => {
    await test.release(() => createReleased(test.vault, { path: 'a' }));
    const [prod] = test.settings.targets.splice(0);
    await test.publisher.calls.forgetTarget({ name: 'prod' });
    assert.deepEqual(await test.publisher.calls.listTargets(), []);
    test.settings.targets.push(prod!);
    await test.publisher.deliverAll();
    assert.deepEqual([(await status()).pending, requests()], [0, []]);
    await test.publisher.calls.syncTarget({ name: 'prod' });
    assert.deepEqual(versions(), ['1.0']);
  });

  it('reads again what a store holds when somebody was faster, and sends nothing twice whose answer was lost', async () => {
    // As CouchDB does: only who names the newest revision writes.
    let held = { _rev: '1-a', value: {} as object };
    const puts: number[] = [];
    server.answer = ({ method, path, headers, body }, response) => {
      if (method === 'GET') return void response.end(JSON.stringify({ ...held.value, _rev: held._rev }));
      if (puts.length === 0) held = { ...held, _rev: '2-b' };
      const isNewest = headers['if-match'] === `"${held._rev}"` && path.endsWith(`?rev=${held._rev}`);
      puts.push(isNewest ? 201 : 409);
      if (!isNewest) return void response.writeHead(409).end();
      held = { _rev: '3-c', value: JSON.parse(body) };
      response.destroy();
    };
    test.settings.targets.push({ name: 'couch', preset: 'couchdb', url: server.url });
    createReleased(test.vault, { path: 'a' });
    const { sent, failed } = await test.publisher.calls.syncTarget({ name: 'couch' });
    assert.deepEqual([sent, failed], [1, 0]);
    assert.deepEqual(
      puts,
      [409, 201, 409],
      'somebody was faster; taken, but the answer was lost; a repeat that is stale',
    );
  });

  it('goes on with others when a text in the vault is damaged, and says so', async () => {
    await test.release(() =>
      ['a', 'b'].map((path) => createReleased(test.vault, { path, messages: [userMessage(path)] })),
    );
    const raw = new Sqlite(test.held.file);
    const rule = raw.prepare(`SELECT sql FROM sqlite_schema WHERE name = 'contents_update'`).pluck().get() as string;
    raw.exec('DROP TRIGGER contents_update');
    raw.exec(`UPDATE contents SET messages = replace(messages, '"content":"a"', '"content":"x"')`);
    raw.exec(rule);
    raw.close();
    await test.publisher.deliverAll();
    const listed = await test.publisher.calls.deliveries({ target: 'prod' });
    assert.deepEqual(listed.map(({ path, state }) => `${path} ${state}`).sort(), ['a failed', 'b delivered']);
    assert.deepEqual(requests(), ['PUT b']);
  });

  it('sends nothing to elsewhere on the host for a vault whose paths somebody made up', async () => {
    createReleased(test.vault, { path: 'a' });
    createReleased(test.vault, { path: 'b' });
    const raw = new Sqlite(test.held.file);
    raw.exec(`UPDATE prompts SET path = '../../admin' WHERE path = 'a'`);
    raw.exec(`INSERT INTO sync_state SELECT '${stateKey()}', '../../users', 'h', '1.0', 't'`);
    raw.close();
    const { failed, sent } = await test.publisher.calls.syncTarget({ name: 'prod' });
    assert.deepEqual([failed, sent, requests()], [2, 1, ['PUT b']]);
    server.answer = (_, response) => response.end('{}');
    const { failed: unread } = await test.publisher.calls.pullTarget({ name: 'prod' });
    assert.equal(unread.length, 2);
    assert.ok(server.received.every(({ path }) => path.startsWith('/prompts/')));
  });
});
