import * as vscode from 'vscode';
import type { EngineHost } from '../engine/engine.ts';
import type { ModelEvent, ModelRequest } from '../models/types.ts';
import { VaultError } from '../shared/errors.ts';

/** VS Code's own models as the vendor `vscode`. They take no system role: system text goes first, as a user message. */
export const editorModels: NonNullable<EngineHost['editorModels']> = {
  async list() {
    const models = await vscode.lm.selectChatModels();
    return [...new Set(models.map((model) => model.id))];
  },
  stream,
};

async function* stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
  const [model] = await vscode.lm.selectChatModels({ id: request.model });
  if (!model) throw new VaultError('PROVIDER', `VS Code has no model "${request.model}" now`, { vendor: 'vscode' });
  const source = new vscode.CancellationTokenSource();
  const cancel = () => source.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const messages = request.messages.map(({ role, content }) =>
      role === 'assistant'
        ? vscode.LanguageModelChatMessage.Assistant(content)
        : vscode.LanguageModelChatMessage.User(content),
    );
    const { maxTokens, model: _, ...modelOptions } = request.settings;
    if (maxTokens !== undefined) modelOptions.max_tokens = maxTokens;
    const justification = 'To run your prompt against this model';
    const answer = await model.sendRequest(messages, { modelOptions, justification }, source.token);
    let output = '';
    for await (const text of answer.text) {
      output += text;
      yield { type: 'text', text };
    }
    // A cancelled answer may end as if it were complete.
    if (signal.aborted) throw new VaultError('CANCELLED', 'Cancelled');
    const counts = await Promise.all(messages.map(async (message) => model.countTokens(message, source.token)));
    const input = counts.reduce((sum, n) => sum + n, 0);
    yield { type: 'usage', usage: { input, output: await model.countTokens(output, source.token), cached: 0 } };
    yield { type: 'finish', reason: 'stop' };
  } catch (error) {
    throw signal.aborted ? new VaultError('CANCELLED', 'Cancelled', {}, error) : providerError(error);
  } finally {
    signal.removeEventListener('abort', cancel);
    source.dispose();
  }
}

function providerError(error: unknown): VaultError {
  const says: Record<string, string> = {
    NoPermissions: 'VS Code has not been allowed to use this model: accept the question it asks and run again',
    Blocked: 'The model refused the request, or the quota of this account is used up',
    NotFound: 'The model is no longer there: choose another',
  };
  const code = error instanceof vscode.LanguageModelError ? error.code : '';
  const message = says[code] ?? (error instanceof Error ? error.message : String(error));
  return new VaultError('PROVIDER', message, { vendor: 'vscode' }, error);
}
