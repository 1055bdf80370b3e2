import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ReceivedPut = { method: string; path: string; headers: IncomingMessage['headers']; body: string };
/** Answers one request, by its number from 1; what it does not answer is answered 204. */
export type Answer = (request: ReceivedPut, response: ServerResponse, number: number) => void;
export type EndpointServer = { url: string; received: ReceivedPut[]; answer: Answer; close(): Promise<void> };

/** A real HTTP endpoint on this machine that remembers what it was sent. `answer` may be changed on the way. */
export async function openEndpointServer(answer: Answer = () => undefined): Promise<EndpointServer> {
  const received: ReceivedPut[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    const put = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
    received.push(put);
    endpoint.answer(put, response, received.length);
    if (!response.writableEnded && !response.destroyed && !response.headersSent) response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint: EndpointServer = {
    url: `http://127.0.0.1:${port}/prompts`,
    received,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return endpoint;
}
