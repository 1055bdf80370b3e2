import * as vscode from 'vscode';
import { oncePerPlace } from '../../code/oncePerPlace.ts';
import type { PromptReference } from '../../code/types.ts';
import type { VersionInfo } from '../../vault/types.ts';
import { formatDuration } from '../formatTime.ts';
import { onDidChangeSetting, setForUser, settings } from '../settings.ts';
import { passRate } from '../versionLine.ts';
import { type CodeReader, codeSelector, type PromptFacts, rangeIn, versionMeant } from './codeReader.ts';

type About = { vault: string; reference: PromptReference; facts: PromptFacts | null };

const hide = { title: 'Hide', command: 'promptvault.codeLens.hide', tooltip: 'Hides these lines in all files' };

/** Above every prompt reference in code: what it gets, and what can be done with it. */
export function registerCodeLens(reader: CodeReader): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();

  async function lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const vault = settings.codeLens() ? reader.vaultOf(document.uri) : undefined;
    if (!vault) return [];
    const places = oncePerPlace(document.getText(), reader.references(document));
    const lines = places.map(async (reference) => {
      const facts = await reader.facts(vault, reference.path);
      if (facts === undefined) return [];
      const range = rangeIn(document, reference);
      return commandsFor({ vault, reference, facts }).map((command) => new vscode.CodeLens(range, command));
    });
    return (await Promise.all(lines)).flat();
  }

  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(codeSelector, {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: lenses,
    }),
    reader.onDidChange(() => changed.fire()),
    onDidChangeSetting('codeLens.enabled', () => changed.fire()),
  );
}

function commandsFor({ vault, reference, facts }: About): vscode.Command[] {
  const { path } = reference;
  if (!facts?.versions[0]) return [{ title: `$(question) No prompt ${path} in the vault`, command: '' }, hide];
  const prd = facts.versions.find(({ stage }) => stage === 'PRD');
  const shown = versionMeant(facts, reference) ?? facts.versions[0];
  const target = { vault, path, version: shown.version };
  return [
    {
      title: titleOf(shown, { prd, facts }),
      command: 'promptvault.version.open',
      arguments: [target],
      tooltip: `Opens v${shown.version}, ${shown === prd ? 'which production serves' : `which is in ${shown.stage}`}`,
    },
    {
      title: 'Open',
      command: 'promptvault.prompt.open',
      arguments: [{ vault, path }],
      tooltip: 'Opens the newest version',
    },
    { title: 'Test', command: 'promptvault.lab.open', arguments: [{ vault, path }], tooltip: 'Runs it in the Lab' },
    { title: 'Insert fetch snippet', command: 'promptvault.snippet.insert', arguments: [{ vault, path }] },
    hide,
  ];
}

/** "PRD v2.2 · 3 days · 96 %"; a place that asks for another version says both: "RET v2.1 · PRD v2.2 · 3 days · 96 %". */
function titleOf(shown: VersionInfo, { prd, facts }: { prd: VersionInfo | undefined; facts: PromptFacts }): string {
  if (!prd) return `Not in production (newest v${facts.versions[0]!.version})`;
  const evidence = facts.evidence.find(({ hash }) => hash === prd.hash);
  const parts = [
    shown !== prd && `${shown.stage} v${shown.version}`,
    `PRD v${prd.version}`,
    prd.deployedAt && formatDuration(prd.deployedAt, new Date().toISOString()),
    evidence && passRate(evidence),
  ];
  return parts.filter(Boolean).join(' · ');
}

export async function hideLenses(): Promise<void> {
  await setForUser('codeLens.enabled', false);
  const back = 'Show Again';
  const message = 'Prompt lines in code are hidden. The setting is promptvault.codeLens.enabled.';
  if ((await vscode.window.showInformationMessage(message, back)) === back) await setForUser('codeLens.enabled', true);
}
