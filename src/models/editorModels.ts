import { codeOf, VaultError } from '../shared/errors.ts';
import type { ModelEvent, ModelRequest, Provider } from './types.ts';

/** VS Code's own models as whoever opened the engine offers them; nobody else can reach them. */
export type EditorModels = {
  list(): Promise<string[]>;
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
};

/** VS Code's models as a vendor. It tells no finish reason, so a stream that ends without an error is complete. */
export function editorProvider(models: EditorModels | undefined): Provider {
  return {
    async *stream(request, _connection, signal) {
      if (!models) throw outsideEditor();
      let finished = false;
      try {
        for await (const event of models.stream(request, signal)) {
          finished ||= event.type === 'finish';
          yield event;
        }
      } catch (error) {
        throw toProviderError(error);
      }
      if (!finished && !signal.aborted) yield { type: 'finish', reason: 'stop' };
    },
    listModels: async () => {
      if (!models) throw outsideEditor();
      return models.list();
    },
  };
}

/** What a `vscode:` model is answered with where there is no VS Code. */
export const outsideEditor = () =>
  new VaultError('INVALID_INPUT', 'vscode: models are only there inside VS Code. Choose another model.', {
    field: 'model',
  });

function toProviderError(error: unknown): unknown {
  if (codeOf(error) !== 'INTERNAL' || (error as Error | undefined)?.name === 'AbortError') return error;
  const message = (error as Error | undefined)?.message ?? String(error);
  return new VaultError(
    'PROVIDER',
    `VS Code's model failed: ${message}`,
    { vendor: 'vscode', retryable: false },
    error,
  );
}
