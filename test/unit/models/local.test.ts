import assert from 'node:assert/strict';
import { collect, streamWithRetry } from '../../../src/models/complete.ts';
import type { EditorModels } from '../../../src/models/editorModels.ts';
import { loadProvider } from '../../../src/models/providers.ts';
import { estimateTokens } from '../../../src/models/tokens.ts';
import type { ModelEvent, ModelRequest } from '../../../src/models/types.ts';
import { codeOf } from '../../../src/shared/errors.ts';

const ask = (request: ModelRequest, signal?: AbortSignal) =>
  loadProvider('echo').then((echo) => collect(streamWithRetry(echo, request, {}, { signal })));
const user = (content: string): ModelRequest => ({
  model: 'echo',
  messages: [{ role: 'user', content }],
  settings: {},
});

describe('echo', () => {
  it('answers with exactly the text of a single message', async () => {
    for (const text of ['Hello', '', ' \n🙂 雪\t', 'x'.repeat(50_000)]) {
      const done = await ask(user(text));
      assert.equal(done.text, text);
      assert.equal(done.finishReason, 'stop');
    }
  });

  it('answers with all messages, a blank line between', async () => {
    const done = await ask({
      ...user(''),
      messages: [
        { role: 'system', content: 'S' },
        { role: 'user', content: 'U' },
      ],
    });
    assert.equal(done.text, 'S\n\nU');
  });

  it('streams in pieces and counts tokens', async () => {
    const pieces: ModelEvent[] = [];
    const echo = await loadProvider('echo');
    const done = await collect(streamWithRetry(echo, user('hello world'), {}), (event) => pieces.push(event));
    assert.ok(pieces.filter(({ type }) => type === 'text').length > 1);
    assert.deepEqual(done.usage, { input: 2, output: 2, cached: 0 });
  });

  it('stops when aborted', async () => {
    const abort = new AbortController();
    const echo = await loadProvider('echo');
    const asked = collect(streamWithRetry(echo, user('a b c d'), {}, { signal: abort.signal }), () => abort.abort());
    await assert.rejects(asked, (error) => codeOf(error) === 'CANCELLED');
  });
});

describe('token counts', () => {
  const words = 'The quick brown fox jumps over the lazy dog, again and again.\n  Twice. ';
  it('are the same for a long text cut in pieces as for its parts', async () => {
    const one = await estimateTokens(words);
    assert.ok(one >= 16 && one <= 22, String(one));
    const many = await estimateTokens(words.repeat(1000));
    assert.ok(Math.abs(many - one * 1000) <= one * 1000 * 0.07, `${many} for ${one} × 1000`);
  });

  it('take special tokens as text', async () => {
    assert.ok((await estimateTokens('a <|endoftext|> b')) > 3);
  });

  it('of a run without spaces take no time to speak of', async () => {
    await estimateTokens('warm');
    const started = performance.now();
    const tokens = await estimateTokens('a'.repeat(200_000));
    assert.ok(tokens > 10_000);
    assert.ok(performance.now() - started < 12_000, `${performance.now() - started} ms`);
  });

  it('count emoji at a cut whole', async () => {
    const one = await estimateTokens('🙂'.repeat(100));
    const many = await estimateTokens('🙂'.repeat(10_001));
    assert.ok(Math.abs(many - one * 100) < one * 5, `${many} for ${one} × 100`);
  });
});

describe("VS Code's models", () => {
  const offer = (stream: EditorModels['stream']): EditorModels => ({ list: async () => ['copilot-x'], stream });
  const run = async (models: EditorModels | undefined) =>
    collect(streamWithRetry(await loadProvider('vscode', models), user('Hi'), {}));

  it('are complete when their stream ends, since they tell no end marker', async () => {
    const done = await run(
      offer(async function* ({ messages }) {
        yield { type: 'text', text: `got ${messages[0]?.content}` };
      }),
    );
    assert.equal(done.text, 'got Hi');
    assert.equal(done.finishReason, 'stop');
    assert.equal(done.usage, null);
  });

  it('fail as a provider', async () => {
    const broken = offer(async function* () {
      yield { type: 'text', text: 'a' };
      throw new Error('quota');
    });
    await assert.rejects(run(broken), (error) => codeOf(error) === 'PROVIDER');
  });

  it('are nowhere outside VS Code', async () => {
    await assert.rejects(run(undefined), (error) => codeOf(error) === 'INVALID_INPUT');
  });
});
