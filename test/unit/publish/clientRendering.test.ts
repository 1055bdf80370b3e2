import assert from 'node:assert/strict';
import { bundleCalls } from '../../../src/publish/bundle.ts';
import { type Client, createClient } from '../../../src/publish/client/client.ts';
import { releaseCases, renderCases } from '../../support/renderCases.ts';
import { type TestVault, temporaryVault } from '../../support/vaultBuilders.ts';

describe('rendering in the client', () => {
  let test: TestVault;
  let client: Client;
  let cases: ReturnType<typeof releaseCases>;
  before(async () => {
    test = temporaryVault();
    cases = releaseCases(test.vault);
    const bundle = await bundleCalls({ ...test.vault, read: test.vault.database.read }).bundle({});
    client = createClient({ source: { bundle } });
  });
  after(() => test.remove());

  for (const [index, { name }] of renderCases.entries()) {
    it(`does with ${name} what the vault does`, async () => {
      const { path, values, rendered } = cases[index]!;
      const { messages } = await client.get(path, { variables: values });
      assert.deepEqual(messages, test.vault.get({ ref: path, values }).messages);
      assert.equal(messages[0]?.content, rendered);
    });
  }
});
