import * as vscode from 'vscode';
import type { CodePlace } from './codePlaces.ts';

const count = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;

export const filesOf = (places: readonly CodePlace[]): number => new Set(places.map(({ uri }) => uri.toString())).size;

/** "4 places in 3 files" */
export const placesText = (places: readonly CodePlace[]): string =>
  `${count(places.length, 'place')} in ${count(filesOf(places), 'file')}`;

/** "4 references in 3 files" */
export const referencesText = (places: readonly CodePlace[]): string =>
  `${count(places.length, 'reference')} in ${count(filesOf(places), 'file')}`;

/** Opens the only place, or VS Code's list of references beside the first one. */
export async function showPlaces(places: readonly CodePlace[]): Promise<void> {
  const [first] = places;
  if (!first) return;
  if (places.length === 1) {
    await vscode.window.showTextDocument(first.uri, { selection: first.range, preview: true });
    return;
  }
  const locations = places.map(({ uri, range }) => new vscode.Location(uri, range));
  await vscode.commands.executeCommand('editor.action.showReferences', first.uri, first.range.start, locations);
}
