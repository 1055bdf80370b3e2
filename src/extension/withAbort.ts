import type { CancellationToken } from 'vscode';

/** Runs with an AbortSignal that follows VS Code's token. */
export async function withAbort<T>(token: CancellationToken, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  const watch = token.onCancellationRequested(() => abort.abort());
  try {
    return await run(abort.signal);
  } finally {
    watch.dispose();
  }
}
