import * as vscode from 'vscode';
import { findReferences, type PromptReference, referenceLanguages } from '../code/findReferences.ts';
import { oncePerPlace } from '../code/oncePerPlace.ts';
import { allVersions } from '../engine/wholeHistory.ts';
import type { VersionInfo } from '../vault/types.ts';
import { coalesce } from './coalesce.ts';
import type { Deps } from './deps.ts';
import { formatDuration } from './formatTime.ts';
import { registerCommands } from './registerCommands.ts';
import { onDidChangeSetting, setForUser, settings } from './settings.ts';

type Needs = Pick<Deps, 'vaults' | 'log'>;
// Files and unsaved documents of this machine; what other extensions show under schemes of their own is not code to edit.
const selector = ['file', 'untitled'].flatMap((scheme) => referenceLanguages.map((language) => ({ language, scheme })));

type Lens = vscode.CodeLens & { reference: PromptReference };
/** What a lens tells of a prompt; null when the vault has none of that path. */
type Known = { prd: VersionInfo | undefined; latest: string } | null;

/** Above every prompt reference in code: what production serves, and what can be done with it. */
export function registerCodeLens({ vaults, log }: Needs): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const found = new Map<string, { version: number; references: PromptReference[] }>();
  const known = new Map<string, Promise<Known>>();

  function references(document: vscode.TextDocument): PromptReference[] {
    const key = document.uri.toString();
    const cached = found.get(key);
    if (cached?.version === document.version) return cached.references;
    const text = document.getText();
    const fresh = oncePerPlace(text, findReferences(text, document.languageId));
    found.set(key, { version: document.version, references: fresh });
    return fresh;
  }

  function vaultOf(document: vscode.TextDocument): string | undefined {
    const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.toString();
    const present = vaults.present();
    // Code beside the only vault means that one; beside several nobody knows whose prompt it is.
    const [only] = present.length === 1 ? present : [];
    return (present.find(({ key }) => key === folder) ?? only)?.key;
  }

  async function read(vault: string, path: string): Promise<Known> {
    const versions = await allVersions(await vaults.engine(vault), path);
    return { prd: versions.find(({ stage }) => stage === 'PRD'), latest: versions[0]?.version ?? '' };
  }

  function lookUp(vault: string, path: string): Promise<Known> {
    const key = `${vault} ${path}`;
    let answer = known.get(key);
    if (!answer) {
      answer = read(vault, path).catch(() => null);
      known.set(key, answer);
    }
    return answer;
  }

  async function lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const vault = vaultOf(document);
    if (!vault || !settings.codeLens()) return [];
    const lines = references(document).map(async (reference) => {
      const about = await lookUp(vault, reference.path);
      const range = new vscode.Range(document.positionAt(reference.start), document.positionAt(reference.end));
      return commandsFor({ vault, reference, about }).map(
        (command): Lens => Object.assign(new vscode.CodeLens(range, command), { reference }),
      );
    });
    return (await Promise.all(lines)).flat();
  }

  const refresh = coalesce(() => {
    known.clear();
    changed.fire();
  });
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: lenses,
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => found.delete(uri.toString())),
    vaults.onDidChange(refresh),
    vaults.onDidChangeState(refresh),
    onDidChangeSetting('codeLens.enabled', refresh),
    registerCommands({ 'promptvault.codeLens.hide': hideLenses }, log),
  );
}

function commandsFor({
  vault,
  reference,
  about,
}: {
  vault: string;
  reference: PromptReference;
  about: Known;
}): vscode.Command[] {
  const { path } = reference;
  if (!about) return [{ title: `$(question) No prompt ${path} in the vault`, command: '' }];
  const { prd, latest } = about;
  const target = { vault, path, version: prd?.version ?? latest };
  const title = prd ? `PRD v${prd.version}${since(prd)}` : `Not in production (newest v${latest})`;
  return [
    { title, command: 'promptvault.version.open', arguments: [target], tooltip: 'Opens what production serves' },
    {
      title: 'Open',
      command: 'promptvault.prompt.open',
      arguments: [{ vault, path }],
      tooltip: 'Opens the newest version',
    },
    { title: 'Test', command: 'promptvault.lab.open', arguments: [{ vault, path }], tooltip: 'Runs it in the Lab' },
    { title: 'Insert fetch snippet', command: 'promptvault.snippet.insert', arguments: [{ vault, path }] },
    { title: '$(eye-closed)', command: 'promptvault.codeLens.hide', tooltip: 'Hides these lines in all files' },
  ];
}

function since({ deployedAt }: VersionInfo): string {
  return deployedAt ? ` · ${formatDuration(deployedAt, new Date().toISOString())}` : '';
}

async function hideLenses(): Promise<void> {
  await setForUser('codeLens.enabled', false);
  const back = 'Show Again';
  const message = 'Prompt lines in code are hidden. The setting is promptvault.codeLens.enabled.';
  if ((await vscode.window.showInformationMessage(message, back)) === back) await setForUser('codeLens.enabled', true);
}
