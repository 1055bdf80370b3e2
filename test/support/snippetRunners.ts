import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Snippet, SnippetRequest, SnippetSource } from '../../src/code/snippets.ts';
import { bundleCalls } from '../../src/publish/bundle.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { cliEnvironment, cliModule } from './cliProcess.ts';
import { repository } from './npmTool.ts';
import type { PromptServer } from './promptServer.ts';

/** How a language's snippet is called and run, and what makes it print the prompt it fetched, as JSON. */
export const snippetRunners: Record<string, { file: string; command: string; print: string }> = {
  TypeScript: { file: 'snippet.mts', command: process.execPath, print: '\nconsole.log(JSON.stringify(prompt));' },
  JavaScript: { file: 'snippet.mjs', command: process.execPath, print: '\nconsole.log(JSON.stringify(prompt));' },
  Python: { file: 'snippet.py', command: 'python3', print: '\nprint(json.dumps(prompt))' },
  Shell: { file: 'snippet.sh', command: 'sh', print: '' },
};

/** Puts `promptvault` on a path of its own, the package and `prompts.json` beside the snippets. Answers their environment. */
export async function prepareSnippets(
  folder: string,
  vault: Vault,
  server: Pick<PromptServer, 'url' | 'token'>,
): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  const command = `#!/bin/sh\nexec '${process.execPath}' '${cliModule}' "$@"\n`;
  await writeFile(join(bin, 'promptvault'), command, { mode: 0o755 });
  await symlink(repository, join(folder, 'node_modules/promptvault'), 'junction');
  const bundle = await bundleCalls({ ...vault, read: vault.database.read }).bundle({});
  await writeFile(join(folder, 'prompts.json'), JSON.stringify(bundle));
  return cliEnvironment({
    PATH: bin + delimiter + process.env.PATH,
    PROMPTVAULT_URL: server.url,
    PROMPTVAULT_TOKEN: server.token,
  });
}

export type SnippetRun = { snippet: Snippet; source: SnippetSource; request: SnippetRequest; folder: string };

/** What the snippet fetched. `edit` is what a person does to it before. */
export async function runSnippet(
  { snippet, source, request, folder }: SnippetRun,
  env: NodeJS.ProcessEnv,
  edit = (text: string) => text,
): Promise<Record<string, unknown>> {
  const { file, command, print } = snippetRunners[snippet.label]!;
  await writeFile(join(folder, file), (snippet.opening ?? '') + edit(snippet.write[source](request)) + print);
  const { stdout } = await promisify(execFile)(command, [file], { cwd: folder, env });
  return JSON.parse(stdout);
}

/** A text inside the literal of the language that holds a snippet's values. */
export function spelled(label: string, value: string): string {
  if (label === 'Shell') return value.replaceAll("'", `'\\''`);
  if (label === 'PHP') return value.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return /Script$/.test(label) ? escaped.replaceAll("'", "\\'") : escaped.replaceAll('"', '\\"');
}
