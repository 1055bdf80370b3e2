import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SnippetRequest, snippetSources, snippets } from '../../src/code/snippets.ts';
import { openVault } from '../../src/vault/vault.ts';
import { NotHere, type Program, runProgram } from './compilers.ts';
import { extractedProgram, extractedSources } from './extractedSources.ts';
import { startPromptServer } from './promptServer.ts';
import { prepareSnippets, snippetRunners, spelled } from './snippetRunners.ts';
import { createReleased, testActor, userMessage } from './vaultBuilders.ts';

/** What makes a snippet print the prompt it fetched, as JSON, and how that is read. */
const printing: { readonly [language: string]: { edit?: (text: string) => string; read?: (json: string) => string } } =
  {
    Go: {
      edit: (text) =>
        text.replace(
          'fmt.Println(prompt.Messages)',
          'answer, _ := json.Marshal(prompt)\n\tfmt.Println(string(answer))',
        ),
      read: lowerCased,
    },
    Ruby: { edit: (text) => `${text}puts JSON.generate(prompt)\n` },
    PHP: { edit: (text) => `${text}echo json_encode($prompt);\n` },
  };
/** What Rust's snippets need besides serde_json. */
const crates: { readonly [source: string]: readonly string[] } = {
  server: ['regex = "1"', 'ureq = "3"'],
  bundle: ['regex = "1"'],
};

/** Go writes the fields of a struct with their own names, and those that a prompt has not as null. */
function lowerCased(json: string): string {
  const fields = (value: object) =>
    Object.fromEntries(Object.entries(value).map(([name, one]) => [name.toLowerCase(), one]));
  const { messages, variables, ...prompt } = fields(JSON.parse(json)) as { messages: object[]; variables: object[] };
  const declared = variables.map((one) =>
    Object.fromEntries(Object.entries(fields(one)).filter(([, value]) => value !== null)),
  );
  return JSON.stringify({ ...prompt, messages: messages.map(fields), variables: declared });
}

const request: SnippetRequest = {
  path: 'support/triage',
  variables: [{ name: 'mail' }, { name: 'tone', default: 'kind' }, { name: 'product' }],
};
const hostile = `$(touch pwned) ; "x" 'y' \\ \\n $& $1 {{tone}} \\{{ é👩‍👩‍👧`;

export type CompiledReport = { bad: number; ran: string[]; notHere: string[]; problems: string[] };

/**
 * Snippets of the languages that CI need not have, each against what the vault serves, and code of them whose prompts were
 * extracted. It says what cannot be run here.
 */
export async function compiledSnippets(): Promise<CompiledReport> {
  const report: CompiledReport = { bad: 0, ran: [], notHere: [], problems: [] };
  const folder = await mkdtemp(join(tmpdir(), 'promptvault-compiled-'));
  const vault = openVault(join(folder, '.promptvault', 'vault.db'), { actor: testActor, mode: 'create' });
  const server = await startPromptServer(vault);
  const tell = async (name: string, ask: () => Promise<void>) => {
    try {
      await ask();
      report.ran.push(name);
    } catch (error) {
      if (error instanceof NotHere) report.notHere.push(`${name}: ${error.message}`);
      else report.problems.push(`${name}: ${(error as Error).message}`);
    }
  };
  try {
    const messages = [
      { role: 'system' as const, content: 'Ünïcode \\{{escaped}} {{1}} {{{mail}}} of {{product}}' },
      userMessage('Sort {{ mail }} in a {{tone}} way, {{undeclared}}.\n'),
    ];
    createReleased(vault, { path: 'other', messages: [userMessage('x')] });
    const { path, variables } = request;
    vault.create({ path, messages, settings: { model: 'm', temperature: 0.2 } });
    vault.edit({ ref: `${path}@1.0`, messages, variables: [...variables] });
    for (let step = 0; step < 2; step += 1) vault.promote({ ref: `${path}@1.0` });
    const env = await prepareSnippets(folder, vault, server);
    const served = vault.get({ ref: path, values: { mail: '<mail>', product: hostile } });
    for (const { label, opening = '', write } of snippets) {
      if (label in snippetRunners) continue;
      const { edit = (text: string) => text, read = (json: string) => json } = printing[label] ?? {};
      for (const { source } of snippetSources) {
        const text = edit(opening + write[source](request).replace('<product>', () => spelled(label, hostile)));
        const name = `snippet-${label.replace('#', 'sharp').toLowerCase()}-${source}`;
        const program: Program = { folder, name, text, env, crates: ['serde_json = "1"', ...(crates[source] ?? [])] };
        await tell(`${label} from a ${source}`, async () => {
          assert.deepEqual(JSON.parse(read(await runProgram(label, program))), served);
        });
      }
    }
    for (const source of extractedSources.filter(({ slow }) => slow)) {
      await tell(`${source.language} extracted to the vault`, async () => {
        const { before, after } = await extractedProgram(source, vault);
        const [told, fetched] = [before, after].map((text, index) => ({
          folder,
          name: `extracted-${source.ending}${index}`,
          text,
          env,
        }));
        assert.equal(await runProgram(source.language, fetched!), await runProgram(source.language, told!));
      });
    }
  } finally {
    await server.close();
    vault.close();
    await rm(folder, { recursive: true, force: true });
  }
  return { ...report, bad: report.problems.length };
}
