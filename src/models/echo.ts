import { setImmediate as nextTick } from 'node:timers/promises';
import { estimateTokens } from './tokens.ts';
import type { Provider } from './types.ts';

const pieces = 4;

/** Calls nobody and answers with the rendered prompt: every message's text, a blank line between two. */
export const echo: Provider = {
  async *stream({ messages }, _connection, signal) {
    const prompt = messages.map(({ content }) => content).join('\n\n');
    const letters = Array.from(prompt);
    const size = Math.max(1, Math.ceil(letters.length / pieces));
    for (let at = 0; at < letters.length; at += size) {
      signal.throwIfAborted();
      yield { type: 'text', text: letters.slice(at, at + size).join('') };
      // Others get their turn, as with a real stream.
      await nextTick();
    }
    const tokens = await estimateTokens(prompt);
    yield { type: 'usage', usage: { input: tokens, output: tokens, cached: 0 } };
    yield { type: 'finish', reason: 'stop' };
  },
};
