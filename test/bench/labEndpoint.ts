import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A model server in a process of its own, so that its work is nobody else's: answers 32 tokens after the latency given, as a
 * stream or whole, as asked. Prints its address.
 */
const latencyMs = Number(process.argv[2] ?? 0);
const tokens = Array.from({ length: 32 }, (_, i) => `word${i} `);
const usage = { prompt_tokens: 40, completion_tokens: 32, total_tokens: 72 };
const common = { id: 'chatcmpl-1', created: 1, model: 'bench' };

const line = (part: object) => `data: ${JSON.stringify({ ...common, object: 'chat.completion.chunk', ...part })}\n\n`;
const streamed = Buffer.from(
  [
    ...tokens.map((content) => line({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
    line({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
    line({ choices: [], usage }),
    'data: [DONE]\n\n',
  ].join(''),
);
const message = { role: 'assistant', content: tokens.join('') };
const choices = [{ index: 0, message, finish_reason: 'stop' }];
const whole = Buffer.from(JSON.stringify({ ...common, object: 'chat.completion', choices, usage }));

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const isStream = Buffer.concat(parts).includes('"stream":true');
    const body = isStream ? streamed : whole;
    const answer = () => {
      const type = isStream ? 'text/event-stream' : 'application/json';
      response.writeHead(200, { 'content-type': type, 'content-length': body.length });
      response.end(body);
    };
    if (latencyMs > 0) setTimeout(answer, latencyMs);
    else answer();
  });
});
server.keepAliveTimeout = 60_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
