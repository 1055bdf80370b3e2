import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type SnippetRequest, snippetFor } from '../../src/code/snippets.ts';
import { type ClientError, type ClientErrorCode, createClient } from '../../src/publish/client/client.ts';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { temporaryFolder } from '../support/cliProcess.ts';
import { type ServingCli, serveByCli } from '../support/serveCli.ts';
import { prepareSnippets, runSnippet } from '../support/snippetRunners.ts';
import { until } from '../support/until.ts';
import { createReleased, promoteToPrd, testActor, userMessage } from '../support/vaultBuilders.ts';

const path = 'support/triage';
const failsWith = (code: ClientErrorCode) => (error: unknown) => (error as ClientError).code === code;

describe('the client of promptvault serve', () => {
  const folder = temporaryFolder();
  let vault: Vault;
  let server: ServingCli;
  let token: { id: string; token: string };
  before(async () => {
    const file = join(folder.path(), '.promptvault', 'vault.db');
    vault = openVault(file, { actor: testActor, mode: 'create' });
    createReleased(vault, { path, messages: [userMessage('Sort Ünïcode {{mail}}.')], settings: { temperature: 0.2 } });
    vault.create({ path: 'drafts/only', messages: [userMessage('Not yet.')] });
    server = await serveByCli(file);
    token = await server.token('read-prd');
  });
  after(async () => {
    await server.stop();
    vault.close();
  });

  const clientOf = (options = {}) => createClient({ source: { url: server.url, token: token.token }, ...options });
  function release(text: string): string {
    const { version } = vault.createVersion({ ref: path });
    vault.edit({ ref: `${path}@${version}`, messages: [userMessage(text)] });
    return promoteToPrd(vault, `${path}@${version}`).version;
  }

  it('gets what the vault serves: production, a version, a range', async () => {
    const client = clientOf();
    for (const [options, ref] of [
      [{}, path],
      [{ version: '1.0' }, `${path}@1.0`],
      [{ range: '^1' }, `${path}@^1`],
    ] as const) {
      const values = { mail: 'x' };
      const { isFallback, stale, ...served } = await client.get(path, { ...options, variables: values });
      assert.deepEqual([served, isFallback, stale], [vault.get({ ref, values }), false, false]);
    }
    await assert.rejects(client.get(path, { range: '^2' }), failsWith('NOT_FOUND'));
    await assert.rejects(client.get(path, { version: '7.7' }), failsWith('NOT_FOUND'));
    await assert.rejects(client.get('drafts/only'), failsWith('NOT_FOUND'));
    await assert.rejects(clientOf({ source: { url: server.url } }).get(path), failsWith('UNAUTHORIZED'));
  });

  it('sees a promotion at once with a ttl of 0, and is told by 304 that nothing changed', async () => {
    const statuses: number[] = [];
    const fetch: typeof globalThis.fetch = async (...request) => {
      const answer = await globalThis.fetch(...request);
      statuses.push(answer.status);
      return answer;
    };
    const client = clientOf({ ttlMs: 0, fetch });
    await client.get(path);
    await client.get(path);
    const version = release('New {{mail}}.');
    assert.equal((await client.get(path)).version, version);
    assert.deepEqual(statuses, [200, 304, 200]);
  });

  it('sees a rollback after its ttl, with the old content under a new number', async () => {
    const client = clientOf({ ttlMs: 20 });
    const before = await client.get(path, { version: '1.0' });
    await client.get(path);
    const { version } = vault.rollback({ path, to: '1.0', reason: 'Worse answers' });
    await wait(25);
    await until(async () => (await client.get(path)).version === version);
    assert.equal((await client.get(path)).hash, before.hash);
  });

  it('serves the snippets', async () => {
    const env = await prepareSnippets(folder.path(), vault, { url: server.url, token: token.token });
    const request: SnippetRequest = { path, variables: [{ name: 'mail' }] };
    for (const language of ['javascript', 'python', 'shellscript']) {
      const snippet = snippetFor(language)!;
      const run = { snippet, source: 'server', request, folder: folder.path() } as const;
      const { isFallback, stale, ...fetched } = await runSnippet(run, env);
      assert.deepEqual(fetched, vault.get({ ref: path, values: { mail: '<mail>' } }), language);
    }
  });

  it('keeps the last good one when its token is revoked, and says so', async () => {
    const codes: string[] = [];
    const client = clientOf({ ttlMs: 0, onWarning: ({ error }: { error: ClientError }) => codes.push(error.code) });
    const { version } = await client.get(path);
    await server.revoke(token.id);
    await wait(150);
    const last = await client.get(path);
    assert.deepEqual([last.version, last.stale, codes], [version, true, ['UNAUTHORIZED']]);
    await assert.rejects(client.get(path, { range: '^1' }), failsWith('UNAUTHORIZED'));
  });
});
