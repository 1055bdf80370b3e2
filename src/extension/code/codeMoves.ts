import * as vscode from 'vscode';
import type { Deps } from '../deps.ts';
import type { Move } from '../movePrompts.ts';
import type { CodePlace } from './codePlaces.ts';
import { findWithProgress } from './findWithProgress.ts';
import { referencesText, showPlaces } from './showPlaces.ts';

/** From so many places on, they are shown before they are changed. */
const previewed = 20;

/** Code names moved prompts by their old paths: offers to write the new ones, and says what was written. */
export async function offerCodeUpdate(
  deps: Pick<Deps, 'code'>,
  { vault, moves }: { vault: string; moves: readonly Move[] },
): Promise<void> {
  if (moves.length === 0) return;
  const found = await findWithProgress(deps, { vault, paths: moves.map(({ path }) => path) });
  const places = found?.places ?? [];
  if (places.length === 0) return;
  const update = places.length > previewed ? 'Preview and Update' : 'Update';
  const show = 'Show Places';
  const question = `Update ${referencesText(places)}?`;
  const answer = await vscode.window.showInformationMessage(
    question,
    { modal: true, detail: why(moves) },
    update,
    show,
  );
  if (answer === show) await showPlaces(places);
  if (answer !== update) return;
  const done = await vscode.workspace.applyEdit(editOf(places, moves), { isRefactoring: true });
  if (done) void vscode.window.showInformationMessage(`Updated ${referencesText(places)}.`);
  else void vscode.window.showWarningMessage('The code was not changed; it still names the old paths.');
}

function why(moves: readonly Move[]): string {
  const [first] = moves;
  const moved = moves.length === 1 ? `${first!.path} is ${first!.to} now.` : `${moves.length} prompts have new paths.`;
  return `${moved} Code that keeps the old path finds no prompt.`;
}

/** Writes the new paths; where there are many, each asks to be confirmed in VS Code's preview. */
export function editOf(places: readonly CodePlace[], moves: readonly Move[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  const label = 'Update references to moved prompts';
  const metadata = places.length > previewed ? { needsConfirmation: true, label } : undefined;
  for (const { uri, pathRange, reference } of places) {
    const move = moves.find(({ path }) => path === reference.path);
    if (move) edit.replace(uri, pathRange, move.to, metadata);
  }
  return edit;
}
