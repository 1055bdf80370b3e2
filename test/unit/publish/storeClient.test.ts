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
});
