import assert from 'node:assert/strict';
import { createAnthropicReader, toAnthropic } from '../../../src/models/anthropic.ts';
import { fromGoogle, toGoogle } from '../../../src/models/google.ts';
import { toOpenAI } from '../../../src/models/openai.ts';
import { fromOpenAI } from '../../../src/models/openaiStream.ts';
import type { ModelRequest } from '../../../src/models/types.ts';

const request: ModelRequest = {
  model: 'm',
  messages: [
    { role: 'system', content: 'S' },
    { role: 'user', content: 'U' },
    { role: 'assistant', content: 'A' },
    { role: 'user', content: 'U2' },
  ],
  settings: {
    model: 'openai:other',
    temperature: 0,
    maxTokens: 5,
    topP: 0.9,
    topK: 3,
    stop: 'END',
    seed: 7,
    frequencyPenalty: null,
  },
};
const only = (settings: ModelRequest['settings']): ModelRequest => ({ ...request, settings });
const systemOnly: ModelRequest = { model: 'm', messages: [{ role: 'system', content: 'S' }], settings: {} };
type Chunk<T extends (chunk: never) => unknown> = Parameters<T>[0];

describe('what is sent', () => {
  it('spells settings as OpenAI does and keeps the model of the call', () => {
    assert.deepEqual(toOpenAI(request, 'openai'), {
      model: 'm',
      messages: request.messages,
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0,
      max_completion_tokens: 5,
      top_p: 0.9,
      stop: 'END',
      seed: 7,
    });
  });

  it('gives compatible servers the older names', () => {
    const body = toOpenAI(request, 'compatible');
    assert.equal(body.max_tokens, 5);
    assert.equal(body.top_k, 3);
    assert.ok(!('max_completion_tokens' in body));
  });

  it('spells settings as Anthropic does, with the system apart', () => {
    assert.deepEqual(toAnthropic(request), {
      model: 'm',
      system: [{ type: 'text', text: 'S' }],
      messages: request.messages.slice(1),
      stream: true,
      temperature: 0,
      max_tokens: 5,
      top_p: 0.9,
      top_k: 3,
      stop_sequences: ['END'],
    });
    assert.equal(toAnthropic(only({})).max_tokens, 4096);
  });

  it('spells settings as Gemini does, with the system apart', () => {
    assert.deepEqual(toGoogle(request), {
      systemInstruction: { parts: [{ text: 'S' }] },
      contents: [
        { role: 'user', parts: [{ text: 'U' }] },
        { role: 'model', parts: [{ text: 'A' }] },
        { role: 'user', parts: [{ text: 'U2' }] },
      ],
      generationConfig: { temperature: 0, maxOutputTokens: 5, topP: 0.9, topK: 3, stopSequences: ['END'], seed: 7 },
    });
  });

  it('passes other settings on as they are', () => {
    assert.equal(toOpenAI(only({ reasoning_effort: 'low' }), 'openai').reasoning_effort, 'low');
    assert.deepEqual(toAnthropic(only({ thinking: { type: 'enabled' } })).thinking, { type: 'enabled' });
    const google = toGoogle(only({ safetySettings: [], thinkingConfig: { a: 1 }, generationConfig: { b: 2 } }));
    assert.deepEqual(google.safetySettings, []);
    assert.deepEqual(google.generationConfig, { thinkingConfig: { a: 1 }, b: 2 });
  });

  it('lets no setting take the place of the prompt or of streaming', () => {
    const evil = { messages: [], contents: [], system: 'x', systemInstruction: 'x', stream: false, stream_options: {} };
    assert.deepEqual(toOpenAI(only(evil), 'openai').messages, request.messages);
    assert.equal(toOpenAI(only(evil), 'openai').stream, true);
    assert.deepEqual(toAnthropic(only(evil)).system, [{ type: 'text', text: 'S' }]);
    assert.deepEqual(toGoogle(only(evil)).systemInstruction, { parts: [{ text: 'S' }] });
  });

  it('lets the user say a prompt that is all system where the vendor wants a user', () => {
    assert.deepEqual(toAnthropic(systemOnly).messages, [{ role: 'user', content: 'S' }]);
    assert.ok(!('system' in toAnthropic(systemOnly)));
    assert.deepEqual(toGoogle(systemOnly).contents, [{ role: 'user', parts: [{ text: 'S' }] }]);
    assert.deepEqual(toOpenAI(systemOnly, 'openai').messages, systemOnly.messages);
  });
});

describe('what comes back', () => {
  it('counts OpenAI usage from the chunk without choices', () => {
    const chunk = {
      choices: [],
      usage: { prompt_tokens: 10, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 8 } },
    } as unknown as Chunk<typeof fromOpenAI>;
    assert.deepEqual(fromOpenAI(chunk), [{ type: 'usage', usage: { input: 10, output: 4, cached: 8 } }]);
  });

  it('takes a refusal as text', () => {
    const chunk = { choices: [{ delta: { refusal: 'No.' } }] } as unknown as Chunk<typeof fromOpenAI>;
    assert.deepEqual(fromOpenAI(chunk), [{ type: 'text', text: 'No.' }]);
  });

  it('adds what Anthropic read from and wrote to its cache to the input', () => {
    const read = createAnthropicReader();
    const start = {
      type: 'message_start',
      message: {
        usage: { input_tokens: 3, cache_read_input_tokens: 20, cache_creation_input_tokens: 7, output_tokens: 1 },
      },
    } as unknown as Chunk<typeof read>;
    const end = {
      type: 'message_delta',
      delta: { stop_reason: 'max_tokens' },
      usage: { output_tokens: 9, input_tokens: null },
    } as unknown as Chunk<typeof read>;
    assert.deepEqual(read(start), [{ type: 'text', text: '' }]);
    assert.deepEqual(read(end), [
      { type: 'usage', usage: { input: 30, output: 9, cached: 20 } },
      { type: 'finish', reason: 'length' },
    ]);
  });

  it('counts what Gemini thought as output and does not show it', () => {
    const chunk = {
      candidates: [{ content: { parts: [{ text: 'hm', thought: true }, { text: 'Yes.' }] }, finishReason: 'STOP' }],
      usageMetadata: {
        promptTokenCount: 10,
        toolUsePromptTokenCount: 2,
        candidatesTokenCount: 1,
        thoughtsTokenCount: 50,
        cachedContentTokenCount: 6,
      },
    } as unknown as Chunk<typeof fromGoogle>;
    assert.deepEqual(fromGoogle(chunk), [
      { type: 'text', text: 'Yes.' },
      { type: 'usage', usage: { input: 12, output: 51, cached: 6 } },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('ends at a prompt that Gemini blocks', () => {
    const chunk = { promptFeedback: { blockReason: 'SAFETY' } } as unknown as Chunk<typeof fromGoogle>;
    assert.deepEqual(fromGoogle(chunk).at(-1), { type: 'finish', reason: 'filter' });
  });

  it('maps words it does not know to other', () => {
    const openai = { choices: [{ delta: {}, finish_reason: 'new' }] } as unknown as Chunk<typeof fromOpenAI>;
    assert.deepEqual(fromOpenAI(openai).at(-1), { type: 'finish', reason: 'other' });
    const google = { candidates: [{ finishReason: 'NEW' }] } as unknown as Chunk<typeof fromGoogle>;
    assert.deepEqual(fromGoogle(google).at(-1), { type: 'finish', reason: 'other' });
  });
});
