import assert from 'node:assert/strict';
import { bundleCalls } from '../../../src/publish/bundle.ts';
import { type Client, createClient } from '../../../src/publish/client/client.ts';
import type { Variable } from '../../../src/vault/types.ts';
import { renderCases } from '../../support/renderCases.ts';
import { createReleased, type TestVault, temporaryVault, userMessage } from '../../support/vaultBuilders.ts';

describe('rendering in the client', () => {
  let test: TestVault;
  let client: Client;
  const pathOf = (index: number) => `cases/case-${index}`;
  before(async () => {
    test = temporaryVault();
    for (const [index, { text, variables }] of renderCases.entries()) {
      const messages = [userMessage(text), { role: 'system' as const, content: `System: ${text}` }];
      createReleased(test.vault, { path: pathOf(index), messages });
      if (variables) redeclare(pathOf(index), text, variables);
    }
    const bundle = await bundleCalls({ ...test.vault, read: test.vault.database.read }).bundle({});
    client = createClient({ source: { bundle } });
  });
  after(() => test.remove());

  // What a text uses declares itself; a person can take it away again.
  function redeclare(path: string, text: string, variables: Variable[]): void {
    const { version } = test.vault.createVersion({ ref: path });
    const ref = `${path}@${version}`;
    test.vault.edit({ ref, messages: [userMessage(text)], variables });
    test.vault.promote({ ref });
    test.vault.promote({ ref });
  }

  for (const [index, { name, values, rendered }] of renderCases.entries()) {
    it(`does with ${name} what the vault does`, async () => {
      const { messages } = await client.get(pathOf(index), { variables: values });
      assert.deepEqual(messages, test.vault.get({ ref: pathOf(index), values }).messages);
      assert.equal(messages[0]?.content, rendered);
    });
  }
});
