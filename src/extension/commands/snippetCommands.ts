import * as vscode from 'vscode';
import { type Snippet, type SnippetSource, snippetFor, snippetSources, snippets } from '../../code/snippets.ts';
import { allVersions } from '../../engine/wholeHistory.ts';
import type { Deps } from '../deps.ts';
import { pickPrompt } from '../pickVersion.ts';
import { registerCommands } from '../registerCommands.ts';
import { finishStep } from '../walkthrough.ts';

type Needs = Pick<Deps, 'vaults' | 'selection' | 'log'>;

export function registerSnippetCommands(deps: Needs): vscode.Disposable {
  return registerCommands(
    {
      'promptvault.snippet.insert': async (given) => {
        const target = given ?? (await pickPrompt(deps, 'Insert a snippet that fetches'));
        if (!target) return;
        const editor = vscode.window.activeTextEditor;
        const snippet = (editor && snippetFor(editor.document.languageId)) ?? (await chooseSnippet());
        const source = snippet && (await chooseSource());
        if (!snippet || !source) return;
        const { path } = target;
        const engine = await deps.vaults.engine(target.vault);
        const versions = await allVersions(engine, path);
        const prd = versions.find(({ stage }) => stage === 'PRD');
        const { variables } = prd ?? (await engine.show({ ref: `${path}@latest` }));
        const text = snippet.write[source]({ path, variables });
        if (editor) await insert(editor, snippet, text);
        else await openNew(snippet, text);
        finishStep('fetch');
        if (!prd) {
          const message = `${path} has no version in production yet: the snippet works once one is promoted.`;
          void vscode.window.showInformationMessage(message);
        }
      },
    },
    deps.log,
  );
}

async function chooseSnippet(): Promise<Snippet | undefined> {
  const items = snippets.map((snippet) => ({ label: snippet.label, snippet }));
  return (await vscode.window.showQuickPick(items, { title: 'Language of the snippet' }))?.snippet;
}

async function chooseSource(): Promise<SnippetSource | undefined> {
  const items = snippetSources.map(({ source, label, about }) => ({ label, detail: about, source }));
  return (await vscode.window.showQuickPick(items, { title: 'Where the prompt comes from' }))?.source;
}

/** Whole lines above the cursor's line, so that code on it stays whole. */
async function insert(editor: vscode.TextEditor, { opening = '' }: Snippet, code: string): Promise<void> {
  const isNew = editor.document.getText().trim() === '';
  const text = isNew ? opening + code : code;
  const line = editor.document.lineAt(editor.selection.active.line);
  const at = line.isEmptyOrWhitespace ? line.range.end : line.range.start;
  await editor.edit((builder) => builder.insert(at, text));
}

async function openNew({ languages, opening = '' }: Snippet, code: string): Promise<void> {
  const content = opening + code;
  const document = await vscode.workspace.openTextDocument({ language: languages[0]!, content });
  await vscode.window.showTextDocument(document);
}
