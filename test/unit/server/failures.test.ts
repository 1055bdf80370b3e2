import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { release, serveNewVault } from '../../support/servedVault.ts';

describe('a server whose vault is away', () => {
  it('says so without telling where it was, writes that into its log, and serves it again once it is back', async () => {
    const log = new PassThrough().setEncoding('utf8');
    const served = await serveNewVault({ log });
    try {
      await release(served.engine);
      const file = join(served.folder, 'vault.db');
      assert.equal((await served.ask('/v1/get/support/triage')).status, 200);
      renameSync(file, `${file}.away`);
      await wait(5);
      const body = JSON.stringify({ query: '{ get(path: "support/triage") { version } }' });
      const answers = [
        await served.ask('/v1/get/support/triage'),
        await served.ask('/v1/health', {}, null),
        await served.ask('/graphql', { method: 'POST', body }),
      ];
      for (const { status, json, text, headers } of answers) {
        assert.deepEqual([status, json.code], [503, 'FILE_NOT_FOUND']);
        assert.ok(!text.includes(served.folder));
        assert.ok(headers.get('retry-after'));
      }
      renameSync(`${file}.away`, file);
      await wait(5);
      assert.equal((await served.ask('/v1/get/support/triage')).json.version, '1.0');
      await wait(120);
      const lines = String(log.read()).trim().split('\n');
      const failures = lines.map((line) => JSON.parse(line)).filter(({ error }) => error);
      assert.deepEqual(
        failures.map(({ path, error }) => [path, error.code]),
        [
          ['/v1/get/support/triage', 'FILE_NOT_FOUND'],
          ['/v1/health', 'FILE_NOT_FOUND'],
          ['/graphql', 'FILE_NOT_FOUND'],
        ],
      );
    } finally {
      await served.close();
    }
  });
});
