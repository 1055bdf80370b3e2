import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EndpointServer, openEndpointServer } from '../support/endpointServer.ts';
import { until } from '../support/until.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, fillVault } from '../support/vaultBuilders.ts';
import { answerInput, answerTitled, editorTab, quickPickRow, runCommand, told } from '../support/workbench.ts';

const canary = 'sk-canary-8f3b1c';

describe('keys and endpoints', () => {
  let endpoint: EndpointServer;
  const settings: Record<string, unknown> = {};
  const window = useVsCode({
    settings,
    async prepare(folder) {
      endpoint = await openEndpointServer((request, response) => {
        const known = request.headers.authorization === `Bearer ${canary}`;
        if (request.path.startsWith('/v1'))
          response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' }).end('{"data":[]}');
      });
      settings['promptvault.models.compatible.baseUrl'] = new URL(endpoint.url).origin;
      settings['promptvault.sync.url'] = endpoint.url;
      fillVault(folder, (vault) => {
        createReleased(vault);
        createReleased(vault, { path: 'legal/nda' });
      });
    },
  });
  after(async () => endpoint.close());
  const withKey = () =>
    endpoint.received.filter(({ method, headers }) => method === 'GET' && headers.authorization === `Bearer ${canary}`)
      .length;

  it('stores a key and says at once whether it works', async () => {
    const { page } = window();
    await runCommand(page, 'PromptVault: Set API Key…');
    await quickPickRow(page, 'OpenAI-compatible server').click();
    await answerTitled(page, 'Address of the OpenAI-compatible server', new URL(endpoint.url).origin);
    await answerTitled(page, 'API key of OpenAI-compatible server', canary);
    await told(page, 'answers');
    assert.equal(withKey(), 1);
  });

  it('tells an open editor of a new key, which asks for the models again', async () => {
    const { page } = window();
    await runCommand(page, 'PromptVault: Go to Prompt…');
    await answerInput(page, 'legal');
    await until(() => withKey() === 2);
    await runCommand(page, 'PromptVault: Set API Key…');
    await quickPickRow(page, 'OpenAI-compatible server').click();
    await answerTitled(page, 'Address of the OpenAI-compatible server', new URL(endpoint.url).origin);
    await answerTitled(page, 'API key of OpenAI-compatible server', canary);
    // The one to see whether it works, and the editor's.
    await until(() => withKey() === 4);
  });

  it('syncs what production serves, with the token, and sends nothing twice', async () => {
    const { page } = window();
    await runCommand(page, 'PromptVault: Set Sync Token…');
    await answerTitled(page, 'Sync token', canary);
    await runCommand(page, 'PromptVault: Sync Production Prompts');
    await told(page, '2 sent, 0 unchanged');
    const puts = () => endpoint.received.filter(({ method }) => method === 'PUT');
    assert.deepEqual(
      puts()
        .map(({ path }) => path)
        .toSorted(),
      ['/prompts/legal/nda', '/prompts/support/triage'],
    );
    assert.ok(puts().every(({ headers }) => headers.authorization === `Bearer ${canary}`));
    await runCommand(page, 'PromptVault: Sync Production Prompts');
    await told(page, '0 sent, 2 unchanged');
    assert.equal(puts().length, 2);
  });

  it('does not send a key to an address it was not given for', async () => {
    const other = await openEndpointServer();
    const { page, reload } = window();
    await reload({ 'promptvault.models.compatible.baseUrl': new URL(other.url).origin });
    await runCommand(page, 'PromptVault: Go to Prompt…');
    await answerInput(page, 'legal');
    await editorTab(page, 'nda v1.0 [PRD]').waitFor();
    // The address is asked which models it has, without the key.
    await until(() => other.received.length > 0);
    assert.doesNotMatch(JSON.stringify(other.received), new RegExp(canary));
    await other.close();
  });

  it('leaves no key in files, logs or the vault', async () => {
    const { folder, server, console } = window();
    for (const root of [folder, server.state]) {
      const files = await readdir(root, { recursive: true, withFileTypes: true });
      assert.ok(files.length > 0);
      for (const file of files.filter((one) => one.isFile())) {
        const name = join(file.parentPath, file.name);
        assert.ok(!(await readFile(name)).includes(canary), name);
      }
    }
    assert.ok(!console.join('\n').includes(canary));
  });
});
