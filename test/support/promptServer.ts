import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeOf } from '../../src/shared/errors.ts';
import type { Served, VaultApi } from '../../src/vault/types.ts';

export type Asked = { url: string; headers: IncomingMessage['headers'] };
export type PromptServer = {
  url: string;
  token: string;
  /** Every request so far. */
  asked: Asked[];
  /** Answers in the place of the vault until it is taken away again. */
  instead: ((response: ServerResponse, request: IncomingMessage) => void) | undefined;
  /** Changes what the vault serves on its way out. */
  tamper: ((served: Served) => unknown) | undefined;
  close(): Promise<void>;
};

/** `GET /v1/get/{path}?range|version` over a vault: what the client asks for, and nothing else. */
export async function startPromptServer(vault: Pick<VaultApi, 'get'>): Promise<PromptServer> {
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    prompts.asked.push({ url, headers });
    if (prompts.instead) prompts.instead(response, request);
    else if (headers.authorization !== `Bearer ${prompts.token}`) problem(response, 401, 'UNAUTHORIZED');
    else answer(request, response);
  });

  function answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const path = pathname.replace(/^\/v1\/get\//, '');
    const selector = searchParams.get('version') ?? searchParams.get('range');
    try {
      const served = vault.get({ ref: selector === null ? path : `${path}@${selector}` });
      const etag = `"${served.version}-${served.hash}"`;
      if (headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
      else response.writeHead(200, { etag, 'content-type': 'application/json' }).end(body(served));
    } catch (error) {
      problem(response, codeOf(error) === 'NOT_FOUND' ? 404 : 400, codeOf(error));
    }
  }
  const body = (served: Served) => JSON.stringify(prompts.tamper ? prompts.tamper(served) : served);

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const prompts: PromptServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'pv_test_secret',
    asked: [],
    instead: undefined,
    tamper: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return prompts;
}

export function problem(response: ServerResponse, status: number, code: string, headers: object = {}): void {
  response
    .writeHead(status, { 'content-type': 'application/problem+json', ...headers })
    .end(JSON.stringify({ type: 'about:blank', status, code, title: code }));
}
