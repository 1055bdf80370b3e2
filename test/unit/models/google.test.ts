import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collect, streamWithRetry } from '../../../src/models/complete.ts';
import { loadProvider } from '../../../src/models/providers.ts';
import { codeOf } from '../../../src/shared/errors.ts';

describe('Gemini', () => {
  it('is asked once for a stream that breaks, though its SDK offers to go on', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked++;
      const candidate = { content: { parts: [{ text: 'half' }] }, continuationToken: 'go-on' };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify({ candidates: [candidate] })}\n\n`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }], settings: {} };
    const connection = { apiKey: 'key', baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const answer = collect(streamWithRetry(await loadProvider('google'), request, connection));
    await assert.rejects(
      answer.finally(() => server.close()),
      (error) => codeOf(error) === 'TRUNCATED',
    );
    assert.equal(asked, 1);
  });
});
