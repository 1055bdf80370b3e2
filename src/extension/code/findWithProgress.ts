import * as vscode from 'vscode';
import type { Deps } from '../deps.ts';
import type { FoundPlaces } from './codePlaces.ts';

/** The places in code that name prompts, told and cancellable once it takes long; undefined when cancelled. */
export async function findWithProgress(
  { code }: Pick<Deps, 'code'>,
  { vault, paths }: { vault: string; paths: readonly string[] },
): Promise<FoundPlaces | undefined> {
  const title = `Looking for ${paths.length === 1 ? paths[0] : `${paths.length} prompts`} in code`;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (_progress, token) => {
    const found = await code.places.find(vault, paths, token);
    return token.isCancellationRequested ? undefined : found;
  });
}
