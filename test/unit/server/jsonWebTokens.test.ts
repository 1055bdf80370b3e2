import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import { exportJWK, exportSPKI, generateKeyPair, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from 'jose';
import { release, type ServedVault, serveNewVault } from '../../support/servedVault.ts';

const issuer = 'https://id.example.com/';
const audience = 'prompts';
type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

describe('JSON Web Tokens of an issuer', () => {
  let served: ServedVault;
  let keys: Server;
  let fetched = 0;
  const published: JWK[] = [];
  const pairs: { [kid: string]: Pair } = {};
  async function publish(kid: string, alg: string): Promise<void> {
    pairs[kid] = await generateKeyPair(alg, { extractable: true });
    published.push({ ...(await exportJWK(pairs[kid].publicKey)), kid, alg, use: 'sig' });
  }
  before(async () => {
    await publish('one', 'ES256');
    await publish('rsa', 'RS256');
    keys = createServer((_, response) => {
      fetched += 1;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: published }));
    });
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    const jwks = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/keys`;
    served = await serveNewVault({ issuer: { jwks, issuer, audience }, limits: { failuresPerMinute: 1000 } });
    await release(served.engine);
  });
  after(async () => {
    await served.close();
    keys.close();
    keys.closeAllConnections();
  });

  type Change = { claims?: object; header?: JWTHeaderParameters; key?: Parameters<SignJWT['sign']>[0] };
  const now = () => Math.floor(Date.now() / 1000);
  const claimed = (claims: object = {}) => ({
    iss: issuer,
    aud: audience,
    sub: 'shop',
    scope: 'openid promptvault:read',
    exp: now() + 60,
    ...claims,
  });
  const signed = ({ claims, header = { alg: 'ES256', kid: 'one' }, key = pairs.one!.privateKey }: Change = {}) =>
    new SignJWT(claimed(claims)).setProtectedHeader(header).sign(key);
  const statusOf = async (token: string, path = '/v1/versions/support/triage') =>
    (await served.ask(path, {}, token)).status;

  it('let in whom the issuer names, for the scope it gives', async () => {
    assert.equal(await statusOf(await signed()), 200);
    assert.equal(
      await statusOf(await signed({ header: { alg: 'RS256', kid: 'rsa' }, key: pairs.rsa!.privateKey })),
      200,
    );
    assert.equal(
      await statusOf(await signed({ claims: { aud: ['other', audience], scope: undefined, scp: ['read'] } })),
      200,
    );
    const less = await signed({ claims: { scope: 'read-prd' } });
    assert.equal(await statusOf(less), 403);
    assert.equal(await statusOf(less, '/v1/get/support/triage'), 200);
  });

  it('leave their subject in the log as who wrote', async () => {
    const token = await signed({ claims: { scope: 'promptvault:write' } });
    const body = JSON.stringify({ path: 'by/issuer', messages: [{ role: 'user', content: 'Hi' }] });
    const made = await served.ask('/v1/prompts', { method: 'POST', body }, token);
    assert.deepEqual([made.status, made.json.createdBy], [201, 'jwt:shop']);
  });

  it('without a signature are refused', async () => {
    const unsigned = new UnsecuredJWT(claimed()).encode();
    const [, payload] = unsigned.split('.');
    for (const alg of ['none', 'None', 'nOnE']) {
      const header = Buffer.from(JSON.stringify({ alg, kid: 'one' })).toString('base64url');
      assert.equal(await statusOf(`${header}.${payload}.`), 401);
    }
    assert.equal(await statusOf(unsigned), 401);
    assert.equal(await statusOf((await signed()).replace(/\.[^.]*$/, '.AAAA')), 401);
  });

  it('signed with a public key as if it were a secret are refused', async () => {
    const pem = new TextEncoder().encode(await exportSPKI(pairs.rsa!.publicKey));
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      assert.equal(await statusOf(await signed({ header: { alg, kid: 'rsa' }, key: pem })), 401);
    }
  });

  it('for others, of others, too old, too young or without an end are refused', async () => {
    for (const claims of [
      { aud: 'another' },
      { aud: undefined },
      { iss: 'https://evil.example/' },
      { iss: issuer.slice(0, -1) },
      { exp: now() - 10 },
      { exp: undefined },
      { nbf: now() + 60 },
      { sub: undefined },
      { scope: 'openid' },
      { scope: undefined },
      { scope: 'readwrite promptvault:promote' },
    ]) {
      assert.equal(await statusOf(await signed({ claims })), 401, JSON.stringify(claims));
    }
    const { privateKey } = await generateKeyPair('ES256');
    assert.equal(await statusOf(await signed({ key: privateKey })), 401);
  });

  it('with a key brought along or pointed at are refused', async () => {
    const mine = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(mine.publicKey);
    const port = (keys.address() as AddressInfo).port;
    for (const more of [{ jwk }, { jku: `http://127.0.0.1:${port}/mine` }, { x5u: `http://127.0.0.1:${port}/mine` }]) {
      const token = await signed({ header: { alg: 'ES256', ...more } as JWTHeaderParameters, key: mine.privateKey });
      assert.equal(await statusOf(token), 401);
    }
  });

  it('with a key nobody knows are refused, and do not make it ask the issuer each time', async () => {
    const before = fetched;
    for (let i = 0; i < 20; i += 1) {
      assert.equal(await statusOf(await signed({ header: { alg: 'ES256', kid: `unknown${i}` } })), 401);
    }
    assert.ok(fetched - before <= 1, `${fetched - before} requests`);
  });
});

describe('a new key of the issuer', () => {
  it('is fetched when a token first names it', async () => {
    const published: JWK[] = [];
    const pair = await generateKeyPair('EdDSA', { extractable: true });
    const next = await generateKeyPair('EdDSA', { extractable: true });
    const keys = createServer((_, response) => response.end(JSON.stringify({ keys: published })));
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    const jwks = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/keys`;
    const served = await serveNewVault({ issuer: { jwks, issuer, audience, refetchMs: 0 } });
    try {
      const sign = (kid: string, { privateKey }: Pair) =>
        new SignJWT({ scope: 'read', sub: 'a' })
          .setProtectedHeader({ alg: 'EdDSA', kid })
          .setIssuer(issuer)
          .setAudience(audience)
          .setExpirationTime('1m')
          .sign(privateKey);
      published.push({ ...(await exportJWK(pair.publicKey)), kid: 'old' });
      const [old, fresh] = [await sign('old', pair), await sign('new', next)];
      const statusOf = async (token: string) => (await served.ask('/v1/prompts', {}, token)).status;
      assert.deepEqual([await statusOf(old), await statusOf(fresh)], [200, 401]);
      published.splice(0, 1, { ...(await exportJWK(next.publicKey)), kid: 'new' });
      assert.deepEqual([await statusOf(fresh), await statusOf(old)], [200, 401]);
      keys.close();
      keys.closeAllConnections();
      assert.equal(await statusOf(await sign('newest', next)), 503);
      assert.equal((await served.ask('/v1/prompts')).status, 200);
    } finally {
      await served.close();
      keys.close();
    }
  });
});

describe('an issuer that does not give its keys', () => {
  for (const [what, status, body] of [
    ['redirects', 302, ''],
    ['fails', 500, ''],
    ['answers no JSON', 200, '<html>'],
    ['answers no keys', 200, '{}'],
  ] as const) {
    it(`is told apart from a bad token where it ${what}, and is not asked for each`, async () => {
      let fetched = 0;
      const keys = createServer((_, response) => {
        fetched += 1;
        response.writeHead(status, { location: '/elsewhere' }).end(body);
      });
      await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
      const jwks = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/keys`;
      const served = await serveNewVault({ issuer: { jwks, issuer, audience } });
      try {
        const { privateKey } = await generateKeyPair('ES256');
        const token = await new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);
        const asked = await Promise.all(Array.from({ length: 5 }, () => served.ask('/v1/prompts', {}, token)));
        asked.push(await served.ask('/v1/prompts', {}, token));
        assert.deepEqual([...new Set(asked.map((answer) => answer.status))], [503]);
        assert.equal(fetched, 1);
      } finally {
        await served.close();
        keys.close();
        keys.closeAllConnections();
      }
    });
  }
});
