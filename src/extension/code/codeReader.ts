import * as vscode from 'vscode';
import { findReferences, referenceLanguages } from '../../code/findReferences.ts';
import { selectVersion } from '../../code/selectVersion.ts';
import type { PromptReference } from '../../code/types.ts';
import type { VaultChange } from '../../engine/engine.ts';
import { allVersions } from '../../engine/wholeHistory.ts';
import type { Evidence } from '../../lab/evidence.ts';
import { codeOf } from '../../shared/errors.ts';
import type { Disposable } from '../../shared/events.ts';
import type { VersionInfo } from '../../vault/types.ts';
import { coalesce } from '../coalesce.ts';
import type { WorkspaceVaults } from '../workspaceVaults.ts';
import { longestText } from './codeLimits.ts';

// Files and unsaved documents of this machine; what other extensions show under schemes of their own is not code to edit.
export const codeSelector = ['file', 'untitled'].flatMap((scheme) =>
  referenceLanguages.map((language) => ({ language, scheme })),
);

/** All versions of a prompt, highest number first, and what tests said of their contents. */
export type PromptFacts = { versions: VersionInfo[]; evidence: Evidence[] };

/** What all features over code share: the references of documents, and what the vault says of the prompts they name. */
export type CodeReader = Disposable & {
  /** The vault that a file's prompts are in; undefined where there is none, or nobody knows which of several. */
  vaultOf(uri: vscode.Uri): string | undefined;
  /** In the order of the text; read once for each state of the document. */
  references(document: vscode.TextDocument): readonly PromptReference[];
  referenceAt(document: vscode.TextDocument, position: vscode.Position): PromptReference | undefined;
  /** Null when the vault has no such prompt; undefined when it could not be asked. */
  facts(vault: string, path: string): Promise<PromptFacts | null | undefined>;
  /** Something that `facts` told is not so any more. */
  onDidChange: vscode.Event<void>;
};

export function createCodeReader(vaults: WorkspaceVaults): CodeReader {
  const changed = new vscode.EventEmitter<void>();
  const found = new Map<string, { version: number; references: readonly PromptReference[] }>();
  const known = new Map<string, Map<string, Promise<PromptFacts | null | undefined>>>();

  function references(document: vscode.TextDocument): readonly PromptReference[] {
    const key = document.uri.toString();
    const cached = found.get(key);
    if (cached?.version === document.version) return cached.references;
    const text = document.getText();
    const fresh = text.length > longestText ? [] : findReferences(text, document.languageId);
    found.set(key, { version: document.version, references: fresh });
    return fresh;
  }

  async function read(vault: string, path: string): Promise<PromptFacts | null | undefined> {
    try {
      const engine = await vaults.engine(vault);
      const [versions, evidence] = await Promise.all([allVersions(engine, path), engine.evidence({ path })]);
      return { versions, evidence };
    } catch (error) {
      return codeOf(error) === 'NOT_FOUND' ? null : undefined;
    }
  }

  function facts(vault: string, path: string) {
    const prompts = known.get(vault) ?? new Map<string, Promise<PromptFacts | null | undefined>>();
    known.set(vault, prompts);
    const cached = prompts.get(path);
    if (cached) return cached;
    const answer = read(vault, path);
    prompts.set(path, answer);
    // What could not be asked is asked again the next time.
    void answer.then((facts) => facts === undefined && prompts.get(path) === answer && prompts.delete(path));
    return answer;
  }

  const tell = coalesce(() => changed.fire());
  const subscriptions = [
    changed,
    vscode.workspace.onDidCloseTextDocument(({ uri }) => found.delete(uri.toString())),
    vaults.onDidChange(({ vault, change }) => {
      const prompts = known.get(vault);
      const touched = prompts && touchedPaths(change, [...prompts.keys()]).map((path) => prompts.delete(path));
      if (touched?.includes(true)) tell();
    }),
    vaults.onDidChangeState(() => {
      known.clear();
      tell();
    }),
  ];

  return {
    vaultOf(uri) {
      const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri.toString();
      const present = vaults.present();
      // Code beside the only vault means that one; beside several nobody knows whose prompt it is.
      const [only] = present.length === 1 ? present : [];
      return (present.find(({ key }) => key === folder) ?? only)?.key;
    },
    references,
    referenceAt(document, position) {
      const offset = document.offsetAt(position);
      return references(document).find(({ start, end }) => start <= offset && offset <= end);
    },
    facts,
    onDidChange: changed.event,
    dispose() {
      for (const one of subscriptions) one.dispose();
    },
  };
}

/** Of the paths asked for, those a change may have made untrue. What names no prompt, such as a restored vault, means all. */
function touchedPaths({ events }: VaultChange, asked: readonly string[]): string[] {
  const named = events.flatMap(({ path, details }) => {
    const { from, to } = (details ?? {}) as { from?: unknown; to?: unknown };
    return [path, from, to];
  });
  const isGeneral = ({ kind, path }: VaultChange['events'][number]) => path === null || kind.startsWith('run.');
  return events.length === 0 || events.some(isGeneral) ? [...asked] : asked.filter((path) => named.includes(path));
}

/** The version that a place in code gets; where it gets none, what comes nearest. */
export function versionMeant({ versions }: PromptFacts, reference: PromptReference): VersionInfo | undefined {
  const selected = reference.asks === 'computed' ? null : selectVersion(versions, reference);
  if (selected && 'found' in selected) return selected.found;
  return selected?.instead ?? versions.find(({ stage }) => stage === 'PRD') ?? versions[0];
}

export const rangeIn = (document: vscode.TextDocument, { start, end }: { start: number; end: number }) =>
  new vscode.Range(document.positionAt(start), document.positionAt(end));
