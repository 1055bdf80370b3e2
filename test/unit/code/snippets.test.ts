import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { findReferences } from '../../../src/code/findReferences.ts';
import { type SnippetRequest, snippetFor, snippets } from '../../../src/code/snippets.ts';
import { snippetRunners } from '../../support/snippetRunners.ts';

const run = promisify(execFile);
const request: SnippetRequest = {
  path: 'support/triage-2',
  variables: [{ name: 'customer_message' }, { name: 'tone', default: 'kind' }, { name: 'product' }],
};

describe('snippets', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'promptvault-snippet-'));
    // A command that answers with the arguments it was called with.
    const fake = `#!${process.execPath}\nconsole.log(JSON.stringify({ args: process.argv.slice(2) }));\n`;
    await writeFile(join(folder, 'promptvault'), fake, { mode: 0o755 });
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function runSnippet(label: string, source: string) {
    const { file, command, print } = snippetRunners[label]!;
    await writeFile(join(folder, file), source + print);
    const env = { ...process.env, PATH: folder + delimiter + process.env.PATH };
    const { stdout } = await run(command, [file], { cwd: folder, env });
    return JSON.parse(stdout) as { args: string[] };
  }

  for (const { label, write } of snippets) {
    it(`fetches with the required variables in ${label}`, async () => {
      const { args } = await runSnippet(label, write(request));
      assert.deepEqual(args, [
        ...['get', 'support/triage-2', '--json'],
        ...['--var', 'customer_message=<customer_message>', '--var', 'product=<product>'],
      ]);
    });

    it(`fetches a prompt without variables in ${label}`, async () => {
      const { args } = await runSnippet(label, write({ path: 'greeting', variables: [] }));
      assert.deepEqual(args, ['get', 'greeting', '--json']);
    });

    it(`hands hostile values over as they are in ${label}`, async () => {
      const hostile = '$(touch pwned) `id` ; "x" \\ %PATH% &';
      const source = write(request).replace('<product>', () => spelled(label, hostile));
      const { args } = await runSnippet(label, source);
      assert.equal(args.at(-1), `product=${hostile}`);
      await assert.rejects(run('ls', [join(folder, 'pwned')]));
    });
  }

  it('is found again by the reference finder, so that an inserted snippet has its lens', () => {
    for (const { languages, write } of snippets.slice(0, 3)) {
      for (const language of languages) {
        const references = findReferences(write(request), language);
        assert.deepEqual(
          references.map(({ path }) => path),
          ['support/triage-2'],
        );
      }
    }
  });

  it('is chosen by the language of the document', () => {
    assert.equal(snippetFor('typescriptreact')?.label, 'TypeScript');
    assert.equal(snippetFor('python')?.label, 'Python');
    assert.equal(snippetFor('cobol'), undefined);
  });
});

/** The text inside the literal of its language; single quotes are the marks in all but Python. */
function spelled(label: string, value: string): string {
  if (label === 'Shell') return value;
  const escaped = value.replaceAll('\\', '\\\\');
  return label === 'Python' ? escaped.replaceAll('"', '\\"') : escaped;
}
