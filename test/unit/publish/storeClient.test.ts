import assert from 'node:assert/strict';
import { readTarget } from '../../../src/publish/readTarget.ts';
import { listKeys } from '../../../src/publish/storeClient.ts';
import { openEndpointServer } from '../../support/endpointServer.ts';

describe('listKeys', () => {
  it('reads the names in the XML of a store, and leaves as it is what stands for no character', async () => {
    const names = ['a&amp;b', '&#x61;&#98;', '&#x110000;', '&#xffffffffffff;', '&constructor;'];
    const server = await openEndpointServer((_, response) =>
      response.end(names.map((name) => `<Key>p/${name}</Key>`).join('')),
    );
    try {
      const s3 = { region: 'x', accessKeyId: 'y', secretAccessKey: 'z' };
      const target = readTarget({ name: 'store', url: server.url, preset: 's3', prefix: 'p/', s3 });
      const found = ['a&b', 'ab', '&#x110000;', '&#xffffffffffff;', '&constructor;'];
      assert.deepEqual(
        await listKeys(target),
        found.map((name) => `p/${name}`),
      );
    } finally {
      await server.close();
    }
  });

  it('reads as many names as a large vault has in one page', async () => {
    const names = Array.from({ length: 300_000 }, (_, i) => `p/${i}`);
    const server = await openEndpointServer((_, response) => response.end(JSON.stringify(names)));
    try {
      const target = readTarget({ name: 'store', url: server.url, preset: 'consul', prefix: 'p/' });
      assert.equal((await listKeys(target))?.length, names.length);
    } finally {
      await server.close();
    }
  });

  it('ends with a store that lists the same again and again, or nothing for ever', async () => {
    const pages = [
      () => ({ result: [{ name: 'p/a' }], result_info: { cursor: 'same' } }),
      (n: number) => ({ result: [], result_info: { cursor: `c${n}` } }),
    ];
    for (const page of pages) {
      let asked = 0;
      const server = await openEndpointServer((_, response) => {
        asked += 1;
        response.end(JSON.stringify(page(asked)));
      });
      try {
        const target = readTarget({ name: 'store', url: server.url, preset: 'cloudflare-kv', prefix: 'p/' });
        await assert.rejects(listKeys(target), { code: 'SYNC' });
        assert.ok(asked <= 102);
      } finally {
        await server.close();
      }
    }
  });
});
