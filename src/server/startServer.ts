import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Engine } from '../engine/engine.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { createAnswerCache } from './answerCache.ts';
import { authenticate, vaultTokens } from './authenticate.ts';
import { checkRequest } from './checkRequest.ts';
import { type Listening, listen } from './listen.ts';
import { toProblem } from './problem.ts';
import { readRoutes } from './readRoutes.ts';
import { beginExchange, type Exchange } from './requests.ts';
import { createRouter } from './router.ts';
import { sendAnswer } from './sendAnswer.ts';
import { findStatic, type StaticFiles } from './staticFiles.ts';

export type ServerOptions = {
  /** Opened in this process. The server does not close it. */
  engine: Engine;
  /** 127.0.0.1 and ::1 unless given. */
  host?: string;
  /** 0 for any that is free. */
  port: number;
  /** The pages at `/`. */
  library?: StaticFiles;
};
export type RunningServer = {
  /** `http://127.0.0.1:7878`, without a slash at the end. */
  url: string;
  /** Stops to accept, lets what is under way end within 10 s, and settles. */
  close(): Promise<void>;
};

/** Serves a vault over HTTP until it is closed. */
export async function startServer({ engine, host, port, library }: ServerOptions): Promise<RunningServer> {
  const answers = createAnswerCache();
  const exchanges = new WeakMap<IncomingMessage, Exchange & { stamp?: number }>();
  const verify = vaultTokens(engine);
  let closing = false;

  async function send({ incoming, outgoing, id }: Exchange, answer: Answer): Promise<void> {
    await sendAnswer(incoming, outgoing, { answer, requestId: id, closing });
  }
  async function fail(exchange: Exchange, error: unknown): Promise<void> {
    if (exchange.outgoing.headersSent) return void exchange.outgoing.destroy();
    const { status, title, detail, code, details, headers = {} } = toProblem(error);
    const problem = { type: 'about:blank', title, status, detail, code, requestId: exchange.id, details };
    const contentType = 'application/problem+json';
    await send(exchange, jsonAnswer(problem, { status, contentType, headers: Object.entries(headers).flat() }));
  }
  const keyOf = ({ grant, incoming }: Exchange) => `${grant?.scope} ${incoming.url}`;
  const router = createRouter({
    engine,
    routes: readRoutes,
    streams: [],
    exchangeOf: (incoming) => exchanges.get(incoming)!,
    reply: async (exchange, answer) => {
      const { stamp } = exchanges.get(exchange.incoming) ?? {};
      if (stamp !== undefined && answer.status === 200 && answer.etag) answers.keep(keyOf(exchange), stamp, answer);
      await send(exchange, answer);
    },
    fail,
  });
  const route = getRequestListener(router.fetch as never);
  const healthy = jsonAnswer({ status: 'ok' });

  async function answer(exchange: Exchange & { stamp?: number }): Promise<void> {
    const { incoming, outgoing, path } = exchange;
    checkRequest(incoming, listening.allowed);
    const reads = incoming.method === 'GET' || incoming.method === 'HEAD';
    if (reads && path === '/v1/health') return send(exchange, healthy);
    const file = reads ? findStatic(library, path) : undefined;
    if (file) return send(exchange, file);
    exchange.grant = await authenticate(incoming, verify);
    if (reads) {
      exchange.stamp = await engine.stamp();
      const known = answers.find(keyOf(exchange), exchange.stamp);
      if (known) return send(exchange, known);
    }
    exchanges.set(incoming, exchange);
    await route(incoming, outgoing);
  }
  function take(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const exchange = beginExchange(incoming, outgoing, incoming.socket.remoteAddress ?? '');
    answer(exchange).catch((error: unknown) => fail(exchange, error).catch(() => outgoing.destroy()));
  }
  const listening: Listening = await listen(take, { host, port });
  return {
    url: listening.url,
    async close() {
      closing = true;
      await listening.close();
    },
  };
}
