import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { editorModels } from '../../../src/extension/editorModels.ts';
import type { ModelEvent, ModelRequest } from '../../../src/models/types.ts';
import { codeOf } from '../../../src/shared/errors.ts';

type Seen = { requests: { messages: [number, string][]; options: unknown }[]; cancelled: number };

describe('VS Code’s own language models', () => {
  let seen: Seen;
  const ask = (content: string, settings: ModelRequest['settings'] = {}): ModelRequest => ({
    model: 'parrot',
    messages: [
      { role: 'system', content: 'Be kind' },
      { role: 'user', content },
    ],
    settings,
  });
  async function collect(request: ModelRequest, signal = new AbortController().signal): Promise<ModelEvent[]> {
    const events: ModelEvent[] = [];
    for await (const event of editorModels.stream(request, signal)) events.push(event);
    return events;
  }

  before(async () => {
    seen = await vscode.extensions.getExtension<Seen>('test.models')!.activate();
  });

  it('are listed', async () => {
    assert.ok((await editorModels.list()).includes('parrot'));
  });

  it('stream their answer, with usage and an end', async () => {
    const events = await collect(ask('hello', { maxTokens: 9, temperature: 0 }));
    const text = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
    assert.equal(text, 'You said: hello');
    assert.deepEqual(events.slice(-2), [
      { type: 'usage', usage: { input: 'Be kind'.length + 'hello'.length, output: text.length, cached: 0 } },
      { type: 'finish', reason: 'stop' },
    ]);
    const user = vscode.LanguageModelChatMessageRole.User;
    assert.deepEqual(seen.requests.at(-1), {
      messages: [
        [user, 'Be kind'],
        [user, 'hello'],
      ],
      options: { max_tokens: 9, temperature: 0 },
    });
  });

  it('stop when the call is cancelled', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 300);
    await assert.rejects(collect(ask('wait'), abort.signal), (error) => codeOf(error) === 'CANCELLED');
    assert.equal(seen.cancelled, 1);
  });

  it('fail with what to do when the model is gone', async () => {
    await assert.rejects(collect({ ...ask('x'), model: 'nobody' }), (error) => codeOf(error) === 'PROVIDER');
  });
});
