import * as vscode from 'vscode';
import type { Deps } from '../deps.ts';
import type { FoundPlaces } from './codePlaces.ts';

/** What is quicker needs no notification. */
const patienceMs = 600;

/** The places in code that name prompts; once it takes long that is told, and can be cancelled: then undefined. */
export async function findWithProgress(
  { code }: Pick<Deps, 'code'>,
  { vault, paths }: { vault: string; paths: readonly string[] },
): Promise<FoundPlaces | undefined> {
  const cancel = new vscode.CancellationTokenSource();
  const finding = code.places.find(vault, paths, cancel.token);
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<'long'>((resolve) => {
    timer = setTimeout(resolve, patienceMs, 'long');
  });
  try {
    if ((await Promise.race([finding, waited])) !== 'long') return await finding;
    const title = `Looking for ${paths.length === 1 ? paths[0] : `${paths.length} prompts`} in code`;
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return await vscode.window.withProgress(options, async (_progress, token) => {
      token.onCancellationRequested(() => cancel.cancel());
      const found = await finding;
      return token.isCancellationRequested ? undefined : found;
    });
  } finally {
    clearTimeout(timer);
    cancel.dispose();
  }
}
