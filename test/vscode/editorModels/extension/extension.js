const vscode = require('vscode');

const textOf = (message) => message.content.map((part) => part.value ?? '').join('');

/** Somebody else's language model in VS Code: answers with what it was sent, in two pieces, or waits to be cancelled. */
exports.activate = (context) => {
  const seen = { requests: [], cancelled: 0 };
  const provider = {
    provideLanguageModelChatInformation: async () => [
      {
        id: 'parrot',
        name: 'Parrot',
        family: 'parrot',
        version: '1',
        maxInputTokens: 1000,
        maxOutputTokens: 1000,
        capabilities: {},
      },
    ],
    async provideLanguageModelChatResponse(_model, messages, options, progress, token) {
      seen.requests.push({
        messages: messages.map((message) => [message.role, textOf(message)]),
        options: options.modelOptions,
      });
      const last = textOf(messages.at(-1));
      progress.report(new vscode.LanguageModelTextPart('You said: '));
      if (last === 'wait') {
        await new Promise((resolve) => token.onCancellationRequested(resolve));
        seen.cancelled += 1;
        return;
      }
      progress.report(new vscode.LanguageModelTextPart(last));
    },
    provideTokenCount: async (_model, text) => (typeof text === 'string' ? text : textOf(text)).length,
  };
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('testvendor', provider));
  return seen;
};
