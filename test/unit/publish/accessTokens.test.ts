import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { accessTokens, tokenFileOf } from '../../../src/publish/accessTokens.ts';
import { failsWith } from '../../support/engineProcesses.ts';
import { until } from '../../support/until.ts';
import { temporaryFolder } from '../../support/vaultBuilders.ts';

describe('access tokens', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  /** What one process knows of the tokens of a vault in a file of its own. */
  function opened({
    file = join(folder.path, `vault-${performance.now()}`, 'tokens.json'),
    vaultId = 'vault-1',
    now = () => new Date(),
  } = {}) {
    return {
      file,
      tokens: accessTokens({ vaultId: () => vaultId, actor: 'Ada', env: { PROMPTVAULT_TOKENS: file }, now }),
    };
  }

  it('are good at once for a server that looked a moment before another process made them', async () => {
    const server = opened();
    const other = opened({ file: server.file });
    await other.tokens.createToken({ name: 'first' });
    for (let count = 0; count < 3; count += 1) {
      assert.equal(await server.tokens.verifyToken({ token: 'pv_none' }), null);
      const { token } = await other.tokens.createToken({ name: `shop-${count}` });
      assert.equal((await server.tokens.verifyToken({ token }))?.name, `shop-${count}`);
    }
  });

  it('are 256 bits, told once, and kept as a hash in a file for this user alone', async () => {
    const { file, tokens } = opened();
    const { token, ...info } = await tokens.createToken({ name: 'shop' });
    const [, id, secret] = /^pv_([0-9a-f]{12})_([\w-]{43})$/.exec(token) ?? [];
    assert.equal(Buffer.from(secret!, 'base64url').length, 32);
    assert.deepEqual(await tokens.listTokens(), [info]);
    assert.deepEqual([info.id, info.scope, info.createdBy, info.expiresAt], [id, 'read-prd', 'Ada', null]);
    const kept = readFileSync(file, 'utf8');
    assert.ok(!kept.includes(secret!));
    // Nothing in the file opens anything: neither the hash nor what could be built of it.
    for (const [word] of kept.matchAll(/[\w-]{12,}/g)) {
      assert.equal(await tokens.verifyToken({ token: word }), null);
      assert.equal(await tokens.verifyToken({ token: `pv_${id}_${word.slice(0, 43).padEnd(43, 'A')}` }), null);
    }
    if (process.platform !== 'win32') {
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.equal(statSync(join(file, '..')).mode & 0o077, 0);
    }
  });

  it('are good for what they were made for, until they are revoked', async () => {
    const { tokens } = opened();
    const { token, id } = await tokens.createToken({ name: 'ci', scope: 'write' });
    assert.deepEqual(await tokens.verifyToken({ token }), { id, name: 'ci', scope: 'write' });
    const { revokedAt } = await tokens.revokeToken({ id });
    assert.ok(revokedAt);
    assert.equal(await tokens.verifyToken({ token }), null);
    assert.equal((await tokens.revokeToken({ id })).revokedAt, revokedAt);
    await assert.rejects(tokens.revokeToken({ id: '000000000000' }), failsWith('NOT_FOUND'));
  });

  it('end when they expire', async () => {
    let at = new Date('2026-01-01T00:00:00Z');
    const { tokens } = opened({ now: () => at });
    const { token } = await tokens.createToken({ name: 'day', expiresAt: '2026-01-02T00:00:00+01:00' });
    assert.equal((await tokens.listTokens())[0]?.expiresAt, '2026-01-01T23:00:00.000Z');
    at = new Date('2026-01-01T22:59:59.999Z');
    assert.ok(await tokens.verifyToken({ token }));
    at = new Date('2026-01-01T23:00:00Z');
    assert.equal(await tokens.verifyToken({ token }), null);
    for (const expiresAt of ['2025-12-31', 'soon', '2026-01-01T23:00:00Z']) {
      await assert.rejects(tokens.createToken({ name: 'past', expiresAt }), failsWith('INVALID_INPUT'));
    }
  });

  it('of another vault open nothing, also in a file that both share', async () => {
    const { file, tokens } = opened();
    const other = opened({ file, vaultId: 'vault-2' }).tokens;
    const { token, id } = await tokens.createToken({ name: 'first' });
    assert.equal(await other.verifyToken({ token }), null);
    assert.deepEqual(await other.listTokens(), []);
    await assert.rejects(other.revokeToken({ id }), failsWith('NOT_FOUND'));
    assert.ok(await tokens.verifyToken({ token }));
  });

  it('revoked by another process are refused within half a second', async () => {
    const { file, tokens } = opened();
    const { token, id } = await tokens.createToken({ name: 'shop' });
    assert.ok(await tokens.verifyToken({ token }));
    await opened({ file }).tokens.revokeToken({ id });
    await wait(150);
    assert.equal(await tokens.verifyToken({ token }), null);
  });

  it('say when they were last used, written once a minute at most', async () => {
    let at = new Date('2026-01-01T00:00:00Z');
    const { file, tokens } = opened({ now: () => at });
    const { token } = await tokens.createToken({ name: 'shop' });
    const written = async () => (await opened({ file }).tokens.listTokens())[0]?.lastUsedAt;
    const isUsedAt = async (time: string) => {
      await tokens.verifyToken({ token });
      await until(async () => (await written()) === time, time);
    };
    await isUsedAt('2026-01-01T00:00:00.000Z');
    at = new Date('2026-01-01T00:00:59Z');
    await tokens.verifyToken({ token });
    await wait(60);
    assert.equal(await written(), '2026-01-01T00:00:00.000Z');
    at = new Date('2026-01-01T00:01:00Z');
    await isUsedAt('2026-01-01T00:01:00.000Z');
  });

  it('made, used and revoked by many at once are all there', async () => {
    const { file } = opened();
    const each = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        const { tokens } = opened({ file });
        const { token, id } = await tokens.createToken({ name: `n${i}` });
        await tokens.verifyToken({ token });
        if (i % 2) await tokens.revokeToken({ id });
        return id;
      }),
    );
    const kept = await opened({ file }).tokens.listTokens();
    assert.deepEqual(kept.map(({ id }) => id).sort(), each.sort());
    assert.equal(kept.filter(({ revokedAt }) => revokedAt).length, 4);
  });

  it('are all there when many find the lock of one who died at the same time', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { file, tokens } = opened();
      await tokens.createToken({ name: 'n' });
      writeFileSync(`${file}.lock`, '');
      utimesSync(`${file}.lock`, 1, 1);
      const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
      await Promise.all(names.map((name) => opened({ file }).tokens.createToken({ name })));
      const kept = await opened({ file }).tokens.listTokens();
      assert.deepEqual(kept.map(({ name }) => name).sort(), ['n', ...names].sort());
    }
  });

  it('are made in spite of a lock whose holder died, and read in spite of one that is held', async () => {
    const { file, tokens } = opened();
    const { token } = await tokens.createToken({ name: 'first' });
    writeFileSync(`${file}.lock`, '');
    assert.ok(await opened({ file }).tokens.verifyToken({ token }));
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(`${file}.lock`, longAgo, longAgo);
    await tokens.createToken({ name: 'second' });
    assert.equal((await opened({ file }).tokens.listTokens()).length, 2);
    assert.equal(existsSync(`${file}.lock`), false);
  });

  it('are refused names and scopes that are none', async () => {
    const { tokens } = opened();
    for (const name of ['', ' ', 'a\nb', 'x'.repeat(61), '\u202e']) {
      await assert.rejects(tokens.createToken({ name }), failsWith('INVALID_INPUT'));
    }
    await assert.rejects(tokens.createToken({ name: 'a', scope: 'promote' as never }), failsWith('INVALID_INPUT'));
  });

  it('let nobody in while their file is damaged', async () => {
    const { file, tokens } = opened();
    const { token } = await tokens.createToken({ name: 'shop' });
    writeFileSync(file, '{"promptvaultTokens":2}');
    await wait(120);
    await assert.rejects(tokens.verifyToken({ token }), failsWith('BAD_FILE'));
    await assert.rejects(tokens.createToken({ name: 'more' }), failsWith('BAD_FILE'));
  });

  it('are good for nothing when their end or scope in the file cannot be read', async () => {
    for (const change of [{ expiresAt: 'soon' }, { expiresAt: undefined }, { scope: 'promote' }]) {
      const { file, tokens } = opened();
      const { token } = await tokens.createToken({ name: 'shop', expiresAt: '2999-01-01' });
      const form = JSON.parse(readFileSync(file, 'utf8')) as { tokens: object[] };
      writeFileSync(file, JSON.stringify({ ...form, tokens: [{ ...form.tokens[0], ...change }] }));
      assert.equal(await tokens.verifyToken({ token }), null, JSON.stringify(change));
    }
  });

  it('lie outside of every vault, one file for each', () => {
    assert.equal(tokenFileOf('a', { PROMPTVAULT_TOKENS: '/x/y.json' }), '/x/y.json');
    const [one, two] = ['a-1', '../../b'].map((id) =>
      tokenFileOf(id, { XDG_STATE_HOME: '/state', LOCALAPPDATA: '/state' }),
    );
    assert.match(one!, /tokens.a-1\.json$/);
    assert.match(two!, /tokens.b\.json$/);
  });
});
