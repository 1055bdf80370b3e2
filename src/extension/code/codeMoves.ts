import * as vscode from 'vscode';
import type { Deps } from '../deps.ts';
import type { Move } from '../movePrompts.ts';
import type { CodePlace } from './codePlaces.ts';
import { findWithProgress } from './findWithProgress.ts';
import { referencesText, showPlaces } from './showPlaces.ts';

/** From so many places on, a person may want to look at each. */
const many = 20;

/** Code names moved prompts by their old paths: offers to write the new ones, and says what was written. */
export async function offerCodeUpdate(
  deps: Pick<Deps, 'code'>,
  { vault, moves }: { vault: string; moves: readonly Move[] },
): Promise<void> {
  if (moves.length === 0) return;
  const paths = moves.map(({ path }) => path);
  const places = (await findWithProgress(deps, { vault, paths }))?.places ?? [];
  if (places.length === 0) return;
  const [update, preview, show] = ['Update', 'Preview…', 'Show Places'];
  const choices = places.length > many ? [preview, update] : [update, show];
  const question = `Update ${referencesText(places)}?`;
  const answer = await vscode.window.showInformationMessage(question, { modal: true, detail: why(moves) }, ...choices);
  if (answer === show) await showPlaces(places);
  if (answer !== update && answer !== preview) return;
  const edit = editOf(places, { moves, ask: answer === preview });
  const typed = new Set(
    vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty).map(({ uri }) => uri.toString()),
  );
  await vscode.workspace.applyEdit(edit, { isRefactoring: true });
  if (answer === preview) await saveWritten(edit, typed);
  // In the preview each place may be left out.
  const { places: left } = await deps.code.places.find(vault, paths);
  const kept = new Set(left.map(({ uri, range }) => `${uri} ${range.start.line}:${range.start.character}`));
  tell(
    places.filter(({ uri, range }) => !kept.has(`${uri} ${range.start.line}:${range.start.character}`)),
    left.length,
  );
}

/** What a refactoring writes VS Code saves where nothing else was typed, as its setting says, but not behind a preview. */
async function saveWritten(edit: vscode.WorkspaceEdit, typed: ReadonlySet<string>): Promise<void> {
  if (!vscode.workspace.getConfiguration('files').get('refactoring.autoSave', true)) return;
  const written = new Set(edit.entries().map(([uri]) => uri.toString()));
  for (const document of vscode.workspace.textDocuments) {
    const key = document.uri.toString();
    if (document.isDirty && written.has(key) && !typed.has(key)) await document.save();
  }
}

function why(moves: readonly Move[]): string {
  const [first] = moves;
  const moved = moves.length === 1 ? `${first!.path} is ${first!.to} now.` : `${moves.length} prompts have new paths.`;
  return `${moved} Code that keeps the old path finds no prompt.`;
}

function tell(written: readonly CodePlace[], left: number): void {
  const others = left === 0 ? '' : ` ${left} still name${left === 1 ? 's' : ''} the old path.`;
  if (written.length > 0) void vscode.window.showInformationMessage(`Updated ${referencesText(written)}.${others}`);
  else void vscode.window.showWarningMessage(`The code was not changed.${others}`);
}

/** Writes the new paths. To `ask` opens VS Code's preview, in which a person ticks what is to be written. */
export function editOf(
  places: readonly CodePlace[],
  { moves, ask }: { moves: readonly Move[]; ask: boolean },
): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  const metadata = ask ? { needsConfirmation: true, label: 'Update references to moved prompts' } : undefined;
  for (const { uri, pathRange, reference } of places) {
    const move = moves.find(({ path }) => path === reference.path);
    if (move) edit.replace(uri, pathRange, move.to, metadata);
  }
  return edit;
}
