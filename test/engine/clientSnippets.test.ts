import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type SnippetRequest, snippetFor, snippetSources, snippets } from '../../src/code/snippets.ts';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { temporaryFolder } from '../support/cliProcess.ts';
import { repository } from '../support/npmTool.ts';
import { type PromptServer, startPromptServer } from '../support/promptServer.ts';
import { releaseCases } from '../support/renderCases.ts';
import { prepareSnippets, runSnippet, snippetRunners, spelled } from '../support/snippetRunners.ts';
import { createReleased, testActor, userMessage } from '../support/vaultBuilders.ts';

const run = promisify(execFile);
const request: SnippetRequest = {
  path: 'support/triage',
  variables: [{ name: 'mail' }, { name: 'tone', default: 'kind' }, { name: 'product' }],
};
const plain: SnippetRequest = { path: 'greeting', variables: [] };
const hostile = `$(touch pwned) \`touch pwned\` ; "x" 'y' \\ \\n %PATH% & $& {{tone}} \\{{ é👩‍👩‍👧`;

describe('snippets that fetch', () => {
  const temporary = temporaryFolder();
  let vault: Vault;
  let server: PromptServer;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  /** Only texts: that is what a command line takes. */
  let cases: ReturnType<typeof releaseCases>;
  before(async () => {
    folder = temporary.path();
    vault = openVault(join(folder, '.promptvault', 'vault.db'), { actor: testActor, mode: 'create' });
    const messages = [
      { role: 'system' as const, content: 'Ünïcode \\{{escaped}} {{1}} {{{mail}}} of {{product}}' },
      userMessage('Sort {{ mail }} in a {{tone}} way.\n'),
    ];
    createReleased(vault, {
      ...request,
      messages,
      settings: { model: 'm', temperature: 0.2 },
      variables: [...request.variables],
    });
    createReleased(vault, { path: plain.path, messages: [userMessage('Hello \\{{x}}.')] });
    cases = releaseCases(vault).filter(({ values }) =>
      Object.values(values).every((value) => typeof value === 'string'),
    );
    server = await startPromptServer(vault);
    env = await prepareSnippets(folder, vault, server);
  });
  after(async () => {
    await server.close();
    vault.close();
  });

  const runnable = snippets.filter(({ label }) => label in snippetRunners);
  for (const snippet of runnable) {
    for (const { source } of snippetSources) {
      it(`give what promptvault get gives, whatever the values, in ${snippet.label} from a ${source}`, async () => {
        const edit = (text: string) => text.replace('<product>', () => spelled(snippet.label, hostile));
        const { isFallback, stale, ...fetched } = await runSnippet({ snippet, source, request, folder }, env, edit);
        assert.deepEqual(fetched, vault.get({ ref: request.path, values: { mail: '<mail>', product: hostile } }));
        await assert.rejects(access(join(folder, 'pwned')));
      });
    }

    it(`fetch a prompt without variables as it is written in ${snippet.label}`, async () => {
      const run = { snippet, source: 'bundle', request: plain, folder } as const;
      const { isFallback, stale, ...fetched } = await runSnippet(run, env);
      assert.deepEqual(fetched, vault.get({ ref: plain.path }));
    });

    it(`say which values are missing in ${snippet.label}`, async () => {
      const edit = (text: string) => text.replace(/,? ?["']?product["']?[:=]["' ]*<product>["']?/, '');
      const run = { snippet, source: 'bundle', request, folder } as const;
      await assert.rejects(runSnippet(run, env, edit), ({ stderr }: { stderr: string }) => /product/.test(stderr));
    });
  }

  it('render every case in Python as the vault does', async () => {
    await writeFile(join(folder, 'cases.json'), JSON.stringify(cases));
    const print = `
for case in json.load(open("cases.json", encoding="utf-8")):
    print(json.dumps(get_prompt(case["path"], case["values"])["messages"][0]["content"]))
`;
    await writeFile(join(folder, 'cases.py'), snippetFor('python')!.write.bundle(plain) + print);
    const { stdout } = await run('python3', ['cases.py'], { cwd: folder, env });
    assertRendered(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  });

  it('render every case in a shell as the vault does', async () => {
    const { write } = snippetFor('shellscript')!;
    const scripts = cases.map(({ path, values }) => {
      const names = Object.keys(values);
      const script = write.bundle({ path, variables: names.map((name) => ({ name })) });
      return names.reduce(
        (text, name) => text.replace(`<${name}>`, () => spelled('Shell', String(values[name]))),
        script,
      );
    });
    await writeFile(join(folder, 'cases.sh'), scripts.join('\n'));
    const { stdout } = await run('sh', ['cases.sh'], { cwd: folder, env });
    const prompts = stdout
      .trim()
      .split(/\n(?=\{)/)
      .map((text) => JSON.parse(text));
    assertRendered(prompts.map(({ messages }) => messages[0].content));
  });

  function assertRendered(found: string[]): void {
    assert.ok(cases.length > 15);
    assert.deepEqual(
      found.map((text, index) => [cases[index]?.name, text]),
      cases.map(({ name, rendered }) => [name, rendered]),
    );
  }

  it('compile in strict TypeScript', async () => {
    const files = await Promise.all(
      snippetSources.map(async ({ source }) => {
        const file = `strict-${source}.mts`;
        await writeFile(join(folder, file), snippetFor('typescript')!.write[source](request));
        return file;
      }),
    );
    const compiler = join(repository, 'node_modules/typescript/bin/tsc');
    const roots = join(repository, 'node_modules/@types');
    const options = `--ignoreConfig --noEmit --strict --target es2023 --module nodenext --typeRoots ${roots} --types node`;
    const { stdout } = await run(process.execPath, [compiler, ...options.split(' '), ...files], { cwd: folder });
    assert.equal(stdout, '');
  });
});
