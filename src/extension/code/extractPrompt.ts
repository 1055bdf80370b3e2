import * as vscode from 'vscode';
import { extractLiteral } from '../../code/extractLiteral.ts';
import { fetchExpression, fetchLanguages } from '../../code/fetch/fetchExpression.ts';
import type { ExtractedLiteral } from '../../code/types.ts';
import type { EngineClient } from '../../engine/engineClient.ts';
import type { VersionRecord } from '../../vault/types.ts';
import { askPath } from '../askPath.ts';
import type { Deps } from '../deps.ts';
import { registerCommands } from '../registerCommands.ts';
import { showError } from '../showError.ts';
import { nameOf } from '../targets.ts';
import { longestText } from './codeLimits.ts';
import { codeSelector, rangeIn } from './codeReader.ts';
import { roleAt, suggestedPath } from './extractNames.ts';
import { tellExtracted } from './tellExtracted.ts';

type Needs = Pick<Deps, 'vaults' | 'code' | 'editors' | 'selection' | 'log'>;
type Place = { document: vscode.TextDocument; offset: number };

// The place is not in a command's table of arguments; nobody calls this but the action itself.
const extractHere = '_promptvault.code.extract';

/** A string in code becomes a prompt of the vault, and the code fetches it. */
export function registerExtractPrompt(deps: Needs): vscode.Disposable {
  const { code, log } = deps;
  const run = async (place: Place | undefined) => {
    try {
      if (place) await extract(deps, place);
    } catch (error) {
      void showError(error, log);
    }
  };
  const provider: vscode.CodeActionProvider = {
    provideCodeActions(document, range) {
      const offset = document.offsetAt(range.start);
      const found = literalAt(deps, { document, offset });
      // A word is no prompt, and what names one already has been extracted.
      if (!found || !speaks(found.literal.text, document.languageId) || code.reader.referenceAt(document, range.start))
        return [];
      const title = 'Extract to Vault…';
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.RefactorExtract);
      action.command = { title, command: extractHere, arguments: [document.uri, offset] };
      return [action];
    },
  };
  const kinds = { providedCodeActionKinds: [vscode.CodeActionKind.RefactorExtract] };
  const selector = codeSelector.filter(({ language }) => fetchLanguages.includes(language));
  return vscode.Disposable.from(
    vscode.languages.registerCodeActionsProvider(selector, provider, kinds),
    vscode.commands.registerCommand(extractHere, async (uri: vscode.Uri, offset: number) => {
      const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
      await run(document && { document, offset });
    }),
    registerCommands({ 'promptvault.code.extract': async () => run(activePlace()) }, log),
  );
}

/** In data nearly every value is a text of some words. */
function speaks(text: string, languageId: string): boolean {
  return (/^(?:yaml|dockercompose|jsonc?)$/.test(languageId) ? /(?:\S+\s+){3}\S/ : /\S\s+\S/).test(text);
}

function activePlace(): Place | undefined {
  const editor = vscode.window.activeTextEditor;
  const place = editor && { document: editor.document, offset: editor.document.offsetAt(editor.selection.start) };
  if (!place) void vscode.window.showInformationMessage('Put the cursor in a string of your code.');
  return place;
}

function literalAt(
  { code, vaults }: Needs,
  { document, offset }: Place,
): { vault: string; literal: ExtractedLiteral } | undefined {
  const vault = code.reader.vaultOf(document.uri);
  if (!vault || vaults.find(vault)?.state() === 'readonly' || !fetchLanguages.includes(document.languageId))
    return undefined;
  const text = document.getText();
  const literal = text.length > longestText ? null : extractLiteral(text, document.languageId, offset);
  return literal ? { vault, literal } : undefined;
}

async function extract(deps: Needs, place: Place): Promise<void> {
  const { document } = place;
  const found = literalAt(deps, place);
  if (!found) {
    void vscode.window.showInformationMessage('There is no string here that can become a prompt of this folder.');
    return;
  }
  const { vault, literal } = found;
  const { version } = document;
  const engine = await deps.vaults.engine(vault);
  const made = await create(engine, { document, literal });
  if (!made) return;
  deps.selection.set({ vault, path: made.path, version: made.version });
  // While the questions were open the text may have changed.
  const text = fetchExpression(document.languageId, { path: made.path, values: literal.variables });
  const done = document.version === version && text ? await replace(document, literal, text) : false;
  await tellExtracted(deps, { vault, made, document, done });
}

async function create(
  engine: EngineClient,
  { document, literal }: { document: vscode.TextDocument; literal: ExtractedLiteral },
): Promise<VersionRecord | undefined> {
  const before = document.getText().slice(0, literal.range.start);
  const file = vscode.workspace.asRelativePath(document.uri, false);
  const path = await askPath(engine, {
    title: 'Extract to Vault (1/2): path',
    prompt: 'folder/name of the new prompt, for example support/triage',
    value: await freePath(engine, suggestedPath(before, file)),
  });
  if (!path) return undefined;
  const title = await vscode.window.showInputBox({
    title: 'Extract to Vault (2/2): title',
    prompt: 'What people call it. It can be changed later.',
    value: nameOf(path).replaceAll(/[-_.]+/g, ' '),
    ignoreFocusOut: true,
  });
  if (title === undefined) return undefined;
  return engine.create({
    path,
    title: title.trim() || nameOf(path),
    messages: [{ role: roleAt(before), content: literal.text }],
    variables: literal.variables.map(({ name }) => ({ name })),
    rationale: `Extracted from ${file}`,
  });
}

/** The path, with a number behind it when it is taken. */
async function freePath(engine: EngineClient, path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const numbered = number === 1 ? path : `${path}-${number}`;
    const isTaken = await engine.show({ ref: `${numbered}@latest` }).then(
      () => true,
      () => false,
    );
    if (!isTaken) return numbered;
  }
}

async function replace(document: vscode.TextDocument, literal: ExtractedLiteral, text: string): Promise<boolean> {
  const { range, around, constant } = literal;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeIn(document, range), around[0] + text + around[1]);
  if (constant) edit.replace(document.uri, rangeIn(document, constant), constant.text);
  return vscode.workspace.applyEdit(edit);
}
