import * as vscode from 'vscode';
import type { EngineClient } from '../../engine/engineClient.ts';
import type { PromptSummary, VersionInfo } from '../../vault/types.ts';
import { formatPeriod } from '../formatTime.ts';
import { stageBadges } from '../promptNodes.ts';
import { folderOf, nameOf } from '../targets.ts';
import type { WorkspaceVaults } from '../workspaceVaults.ts';
import { type CodeReader, codeSelector, versionMeant } from './codeReader.ts';
import { cutText, shownText } from './shownText.ts';
import { typedAt } from './typedAt.ts';

type Needs = { reader: CodeReader; vaults: Pick<WorkspaceVaults, 'engine'> };
const page = 200;
const triggers = ['"', "'", '`', '/', ':', '@', '{', ','];

/** Paths of prompts, selectors behind `@` and names of variables, where code names a prompt. */
export function registerPromptCompletion({ reader, vaults }: Needs): vscode.Disposable {
  const provider: vscode.CompletionItemProvider = {
    async provideCompletionItems(document, position, token) {
      const vault = reader.vaultOf(document.uri);
      const typed = vault
        ? typedAt(document.getText(), { at: document.offsetAt(position), languageId: document.languageId })
        : undefined;
      if (!vault || !typed || token.isCancellationRequested) return undefined;
      const range = {
        inserting: new vscode.Range(document.positionAt(typed.start), position),
        replacing: new vscode.Range(document.positionAt(typed.start), document.positionAt(typed.end)),
      };
      const { path } = typed.reference;
      if (typed.what === 'path') {
        const found = await findPaths(await vaults.engine(vault), document.getText(range.inserting));
        return new vscode.CompletionList(
          found.items.map((item) => Object.assign(item, { range })),
          found.isIncomplete,
        );
      }
      const facts = await reader.facts(vault, path);
      if (!facts) return undefined;
      const { reference, passed } = typed;
      const items =
        typed.what === 'selector'
          ? selectorItems(facts.versions)
          : variableItems(versionMeant(facts, reference), passed);
      return items.map((item) => Object.assign(item, { range }));
    },
  };
  return vscode.languages.registerCompletionItemProvider(codeSelector, provider, ...triggers);
}

/** Prompts whose path may become what is typed: those of its folder, and once these are many, those it finds there. */
async function findPaths(engine: EngineClient, typed: string) {
  const folder = folderOf(typed) || undefined;
  const all = await engine.list({ folder, limit: page });
  const search = nameOf(typed);
  const isIncomplete = all.next !== null;
  const { prompts } = isIncomplete && search ? await engine.list({ folder, search, limit: page }) : all;
  return { items: prompts.map(pathItem), isIncomplete };
}

function pathItem(summary: PromptSummary): vscode.CompletionItem {
  const { path, title, description } = summary;
  const item = new vscode.CompletionItem(
    { label: path, description: stageBadges(summary) },
    vscode.CompletionItemKind.Reference,
  );
  item.detail = cutText(shownText(title), 120, 1);
  if (description) item.documentation = cutText(shownText(description), 400);
  return item;
}

/** PRD, the newest of each major, and every released version; in this order. */
function selectorItems(versions: readonly VersionInfo[]): vscode.CompletionItem[] {
  const now = new Date();
  const released = versions.filter(({ stage }) => stage === 'PRD' || stage === 'RET');
  const prd = versions.find(({ stage }) => stage === 'PRD');
  const majors = new Map<string, string>();
  for (const { version } of released) {
    const [major] = version.split('.');
    if (!majors.has(major!)) majors.set(major!, version);
  }
  const choices = [
    ...(prd ? [['PRD', `v${prd.version} now`]] : []),
    ...[...majors].map(([major, version]) => [`^${major}`, `the newest of v${major}, v${version} now`]),
    ...released.map((info) => [info.version, [info.stage, formatPeriod(info, now)].filter(Boolean).join(' · ')]),
  ] as [string, string][];
  return choices.map(([label, description], index) => {
    const item = new vscode.CompletionItem({ label, description }, vscode.CompletionItemKind.EnumMember);
    item.sortText = String(index).padStart(6, '0');
    return item;
  });
}

/** The declared variables that are not passed yet. */
function variableItems(info: VersionInfo | undefined, passed: readonly string[]): vscode.CompletionItem[] {
  const open = (info?.variables ?? []).filter(({ name }) => !passed.includes(name));
  return open.map(({ name, default: preset, description }) => {
    const value = preset === undefined ? 'needed' : `= ${cutText(shownText(preset), 60, 1)}`;
    const item = new vscode.CompletionItem({ label: name, description: value }, vscode.CompletionItemKind.Property);
    if (description) item.documentation = cutText(shownText(description), 400);
    return item;
  });
}
