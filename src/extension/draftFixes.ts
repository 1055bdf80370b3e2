import * as vscode from 'vscode';
import { variableNameFrom } from '../shared/variableName.ts';
import type { Variable } from '../vault/types.ts';
import type { Deps } from './deps.ts';
import { type Finding, findFindings } from './draftFindings.ts';
import type { DraftKnowledge } from './draftKnowledge.ts';
import { targetOf, textSelector } from './draftTarget.ts';
import { showError } from './showError.ts';
import { refOf } from './targets.ts';

type Needs = { knowledge: DraftKnowledge } & Pick<Deps, 'vaults' | 'log'>;
type Declare = (variables: readonly Variable[], name: string) => Variable[];

// Declarations are not in the text, so these fixes are commands; nobody calls them but the fixes themselves.
const declareCommand = '_promptvault.variable.declare';
const undeclareCommand = '_promptvault.variable.undeclare';

/** Quick fixes for what is marked in prompt texts: declare or remove a variable, mend or keep braces. */
export function registerDraftFixes({ knowledge, vaults, log }: Needs): vscode.Disposable {
  const command = (id: string, change: Declare) =>
    vscode.commands.registerCommand(id, async (uri: vscode.Uri, name: string) => {
      const target = targetOf(uri);
      if (!target) return;
      try {
        const engine = await vaults.engine(target.vault);
        const { revision, variables } = await engine.show({ ref: refOf(target) });
        await engine.edit({ ref: refOf(target), expectRevision: revision, variables: change(variables, name) });
      } catch (error) {
        void showError(error, log);
      }
    });
  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, range) {
      const declared = await knowledge.of(document.uri);
      if (!declared?.editable) return [];
      const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
      const here = findFindings(document.getText(), declared).filter((one) => one.start <= end && start <= one.end);
      return here.flatMap((finding) => fixesOf(document, finding));
    },
  };
  const kinds = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
  return vscode.Disposable.from(
    command(declareCommand, (variables, name) =>
      variables.some((one) => one.name === name) ? [...variables] : [...variables, { name }],
    ),
    command(undeclareCommand, (variables, name) => variables.filter((one) => one.name !== name)),
    vscode.languages.registerCodeActionsProvider(textSelector, provider, kinds),
  );
}

function fixesOf(document: vscode.TextDocument, { kind, name, start, end }: Finding): vscode.CodeAction[] {
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  const typed = document.getText(range);
  const inText = (title: string, text: string) => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, range, text);
    return Object.assign(new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix), { edit });
  };
  const inVault = (title: string, command: string) =>
    Object.assign(new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix), {
      command: { command, title, arguments: [document.uri, name] },
      isPreferred: true,
    });
  if (kind === 'unused') return [inVault(`Remove the variable ${name}`, undeclareCommand)];
  if (kind === 'undeclared')
    return [inVault(`Declare ${name}`, declareCommand), inText('Keep as text', `\\${typed}`), inText('Remove', '')];
  if (kind !== 'malformed') return [];
  const meant = variableNameFrom(typed);
  const mended = meant ? [inText(`Change to {{${meant}}}`, `{{${meant}}}`)] : [];
  return [...mended, inText('Keep as text', `\\${typed}`), inText('Remove', '')];
}
