import { basename } from 'node:path';
import * as vscode from 'vscode';
import { referenceLanguages } from '../../code/findReferences.ts';
import { mostFiles } from './codeLimits.ts';

/** So many names are looked at to choose them from. */
const mostNames = 20_000;

const endings: { readonly [languageId: string]: readonly string[] } = {
  typescript: ['ts', 'mts', 'cts'],
  typescriptreact: ['tsx'],
  javascript: ['js', 'mjs', 'cjs'],
  javascriptreact: ['jsx'],
  python: ['py'],
  go: ['go'],
  java: ['java'],
  csharp: ['cs'],
  ruby: ['rb'],
  php: ['php'],
  rust: ['rs'],
  shellscript: ['sh', 'bash', 'zsh'],
  yaml: ['yaml', 'yml'],
  json: ['json'],
  jsonc: ['jsonc'],
};
const languages = new Map(
  Object.entries(endings).flatMap(([language, own]) =>
    referenceLanguages.includes(language) ? own.map((ending) => [ending, language] as const) : [],
  ),
);
/** Where files lie that nobody wrote; they are read last. */
const generated = new Set(['dist', 'build', 'out', 'target', 'vendor', 'venv', 'env', 'site-packages', 'coverage']);

/** The language of a file by its name; undefined when references are not looked for in it. */
export function languageOf(uri: vscode.Uri): string | undefined {
  return languages.get(basename(uri.path).split('.').at(-1)!.toLowerCase());
}

export type CodeFiles = { uris: vscode.Uri[]; capped: boolean };

/** The code in a folder, without what the settings `files.exclude` and `search.exclude` leave out. */
export async function listCodeFiles(
  folder: vscode.WorkspaceFolder,
  token?: vscode.CancellationToken,
): Promise<CodeFiles> {
  const wanted = new vscode.RelativePattern(folder, `**/*.{${[...languages.keys()].join(',')}}`);
  const found = await vscode.workspace.findFiles(wanted, excluded(folder), mostNames, token);
  const rank = (uri: vscode.Uri) =>
    Number(uri.path.split('/').some((part) => generated.has(part) || /^\../.test(part)));
  const below = folder.uri.path.split('/').length;
  const byRank = found
    .map((uri) => ({ uri, late: rank(uri.with({ path: uri.path.split('/').slice(below).join('/') })) }))
    .sort((one, other) => one.late - other.late || (one.uri.path < other.uri.path ? -1 : 1));
  return { uris: byRank.slice(0, mostFiles).map(({ uri }) => uri), capped: found.length > mostFiles };
}

function excluded(folder: vscode.WorkspaceFolder): string {
  const patterns = ['files.exclude', 'search.exclude'].flatMap((name) => {
    const all = vscode.workspace.getConfiguration(undefined, folder).get<{ [pattern: string]: unknown }>(name) ?? {};
    return Object.keys(all).filter((pattern) => all[pattern] === true);
  });
  // Braces do not stand inside of braces.
  return `{${['**/.promptvault', ...patterns].flatMap(withoutBraces).join(',')}}`;
}

/** `a/{b,c}` as `a/b` and `a/c`. */
function withoutBraces(pattern: string): string[] {
  const [, before, choices, behind] = /^(.*?)\{([^{}]*)\}(.*)$/.exec(pattern) ?? [];
  if (choices === undefined) return [pattern];
  return choices.split(',').flatMap((choice) => withoutBraces(`${before}${choice}${behind}`));
}
