import { type JournalEntry, LLMock } from '@copilotkit/aimock';

export type Aimock = { url: string; mock: LLMock; requests(): JournalEntry[]; close(): Promise<void> };

/** An independent model of the OpenAI, Anthropic and Gemini APIs on one port. Every answer counts 11 tokens in and 5 out. */
export async function startAimock(reply: (prompt: string, model: string) => string): Promise<Aimock> {
  const mock = new LLMock({ port: 0, strict: true, chunkSize: 5 });
  mock.on({}, (request) => {
    const last = request.messages.findLast(({ role }) => role === 'user')?.content;
    const content = reply(typeof last === 'string' ? last : JSON.stringify(last), request.model);
    // Each wire takes the names that are its own.
    const openai = { prompt_tokens: 11, completion_tokens: 5, total_tokens: 16 };
    const anthropic = { input_tokens: 11, output_tokens: 5 };
    const google = { promptTokenCount: 11, candidatesTokenCount: 5, totalTokenCount: 16 };
    return { content, usage: { ...openai, ...anthropic, ...google } };
  });
  await mock.start();
  return { url: mock.url, mock, requests: () => mock.getRequests(), close: () => mock.stop() };
}
