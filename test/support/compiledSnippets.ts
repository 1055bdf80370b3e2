import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type SnippetRequest, type SnippetSource, snippetSources, snippets } from '../../src/code/snippets.ts';
import { openVault } from '../../src/vault/vault.ts';
import { startPromptServer } from './promptServer.ts';
import { prepareSnippets, snippetRunners, spelled } from './snippetRunners.ts';
import { createReleased, testActor, userMessage } from './vaultBuilders.ts';

const run = promisify(execFile);
/** Compiles and runs a source text in a folder of its own; answers what it printed. Fails with NotHere where it cannot. */
type Compiler = (job: {
  folder: string;
  source: SnippetSource;
  text: string;
  env: NodeJS.ProcessEnv;
}) => Promise<string>;
class NotHere extends Error {}

const compilers: Record<string, Compiler> = {
  async Java({ folder, text, env }) {
    const file = join(folder, 'FetchPrompt.java');
    await writeFile(file, text);
    const { stdout } = await run('java', ['-cp', (await jacksonJars()).join(delimiter), file], { cwd: folder, env });
    return stdout;
  },
  async Rust({ folder, source, text, env }) {
    const project = join(folder, `rust-${source}`);
    const crates = { vault: [], server: ['regex = "1"', 'ureq = "3"'], bundle: ['regex = "1"'] }[source];
    const manifest = ['[package]', 'name = "snippet"', 'version = "0.1.0"', 'edition = "2021"', '[dependencies]'];
    await mkdir(join(project, 'src'), { recursive: true });
    await writeFile(join(project, 'Cargo.toml'), [...manifest, 'serde_json = "1"', ...crates, ''].join('\n'));
    await writeFile(join(project, 'src/main.rs'), text);
    await run('cargo', ['generate-lockfile', '--quiet'], { cwd: project }).catch((error: Error) => {
      throw new NotHere(
        `its crates cannot be had: ${error.message.split('\n').find((line) => /error/.test(line)) ?? ''}`,
      );
    });
    await run('cargo', ['build', '--quiet'], { cwd: project });
    const { stdout } = await run(join(project, 'target/debug/snippet'), [], { cwd: folder, env });
    return stdout;
  },
};

/** Those of Maven's local repository, three of one version. */
async function jacksonJars(): Promise<string[]> {
  const core = join(homedir(), '.m2/repository/com/fasterxml/jackson/core');
  const versions = await readdir(join(core, 'jackson-databind')).catch(() => []);
  for (const version of versions) {
    const jars = ['databind', 'core', 'annotations'].map((name) =>
      join(core, `jackson-${name}/${version}/jackson-${name}-${version}.jar`),
    );
    if ((await Promise.allSettled(jars.map((jar) => access(jar)))).every(({ status }) => status === 'fulfilled'))
      return jars;
  }
  throw new NotHere('Maven has no Jackson here');
}

const request: SnippetRequest = {
  path: 'support/triage',
  variables: [{ name: 'mail' }, { name: 'tone', default: 'kind' }, { name: 'product' }],
};
const hostile = `$(touch pwned) ; "x" 'y' \\ \\n $& $1 {{tone}} \\{{ é👩‍👩‍👧`;

export type CompiledReport = { bad: number; ran: string[]; notHere: string[]; problems: string[] };

/** Snippets of the languages that are compiled, each against what the vault serves. Of the others it says that nothing ran them. */
export async function compiledSnippets(): Promise<CompiledReport> {
  const report: CompiledReport = { bad: 0, ran: [], notHere: [], problems: [] };
  const folder = await mkdtemp(join(tmpdir(), 'promptvault-compiled-'));
  const vault = openVault(join(folder, '.promptvault', 'vault.db'), { actor: testActor, mode: 'create' });
  const server = await startPromptServer(vault);
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
      const compile = compilers[label];
      if (!compile && !(label in snippetRunners)) report.notHere.push(`${label}: nothing here compiles and runs it`);
      if (!compile) continue;
      for (const { source } of snippetSources) {
        const name = `${label} from a ${source}`;
        const text = opening + write[source](request).replace('<product>', () => spelled(label, hostile));
        try {
          assert.deepEqual(JSON.parse(await compile({ folder, source, text, env })), served);
          report.ran.push(name);
        } catch (error) {
          const { code, message } = error as NodeJS.ErrnoException;
          if (error instanceof NotHere || code === 'ENOENT') report.notHere.push(`${name}: ${message}`);
          else report.problems.push(`${name}: ${message}`);
        }
      }
    }
  } finally {
    await server.close();
    vault.close();
    await rm(folder, { recursive: true, force: true });
  }
  return { ...report, bad: report.problems.length };
}
