import type { IncomingMessage, RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Engine } from '../engine/engine.ts';
import type { TokenGrant } from '../publish/accessTokens.ts';
import type { AccessLog } from './accessLog.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { createAnswerCache } from './answerCache.ts';
import { authenticate, tokenOf, type Verify } from './authenticate.ts';
import { type ChangeStreams, createChangeStreams } from './changes.ts';
import { type Allowed, checkRequest, checkTarget } from './checkRequest.ts';
import { beginExchange, type Exchange } from './exchange.ts';
import { createQuota, type Limits, requireQuota } from './limits.ts';
import { HttpProblem, toProblem } from './problem.ts';
import { createRouter } from './router.ts';
import { routes, streams } from './routes.ts';
import { sendAnswer } from './sendAnswer.ts';
import { findStatic, type StaticFiles } from './staticFiles.ts';
import { createTurnStamp } from './turnStamp.ts';

type Parts = {
  engine: Engine;
  verify: Verify;
  limits: Limits;
  log: AccessLog;
  library?: StaticFiles;
  behindProxy: boolean;
  allowed(): Allowed;
  /** How many are open. */
  connections(): number;
};
export type Door = {
  take: RequestListener;
  /** From now on connections end with their answer, and streams at once. */
  endSoon(): void;
};

const healthy = jsonAnswer({ status: 'ok' });
const windowS = 10;

/**
 * The way of each request: checked, let in by its token, answered from what is kept for the vault's stamp or by its route,
 * logged. Whatever fails on the way is answered as a problem.
 */
export function createDoor({ engine, verify, limits, log, library, behindProxy, allowed, connections }: Parts): Door {
  // One per scope, since a token for PRD alone is answered otherwise.
  const answers = { 'read-prd': createAnswerCache(), read: createAnswerCache(), write: createAnswerCache() };
  const exchanges = new WeakMap<IncomingMessage, Exchange>();
  const rate = createQuota({ count: limits.perSecond * windowS, windowMs: windowS * 1000 });
  const failures = createQuota({ count: limits.failuresPerMinute, windowMs: 60_000 });
  const stampFor = createTurnStamp({ stamp: () => engine.stamp(), connections });
  const changes: ChangeStreams = createChangeStreams({ engine, limits, stillValid });
  let closing = false;

  function send(exchange: Exchange, answer: Answer): void | Promise<void> {
    const { incoming, outgoing, id } = exchange;
    const sent = sendAnswer(incoming, outgoing, { answer, requestId: id, closing });
    if (sent instanceof Promise) return sent.then((done) => log.request(exchange, done));
    log.request(exchange, sent);
  }
  async function fail(exchange: Exchange, error: unknown): Promise<void> {
    const { outgoing, id: requestId } = exchange;
    const { status, title, detail, code, details, headers = {} } = toProblem(error);
    if (status >= 500 && !(error instanceof HttpProblem)) log.failure(exchange, error);
    if (outgoing.headersSent || outgoing.destroyed) return void outgoing.destroy();
    const problem = { type: 'about:blank', title, status, detail, code, requestId, details };
    const contentType = 'application/problem+json';
    await send(exchange, jsonAnswer(problem, { status, contentType, headers: Object.entries(headers).flat() }));
  }
  async function stillValid({ incoming, grant }: Exchange): Promise<boolean> {
    const now = await verify(tokenOf(incoming) ?? '');
    return now !== null && now.scope === grant?.scope;
  }
  /** Whoever comes with a good token is let in, whatever others at the same address do. */
  async function letIn(exchange: Exchange): Promise<TokenGrant> {
    try {
      exchange.grant = await authenticate(exchange.incoming, verify);
    } catch (error) {
      if (toProblem(error).status === 401) {
        requireQuota(failures, exchange.address, 'Too many requests without a valid token');
      }
      throw error;
    }
    requireQuota(rate, exchange.grant.id, 'Too many requests of one token');
    return exchange.grant;
  }

  const router = createRouter({
    engine,
    routes,
    streams,
    exchangeOf: (incoming) => exchanges.get(incoming)!,
    reply: async (exchange, answer) => {
      const { stamp, grant, incoming } = exchange;
      const lasts = stamp !== undefined && grant && answer.status === 200 && answer.etag !== null;
      if (lasts) answers[grant.scope].keep(incoming.url!, stamp, answer);
      await send(exchange, answer);
    },
    stream: async (exchange, { after }) => {
      const known = Number(exchange.incoming.headers['last-event-id'] ?? after ?? Number.NaN);
      const bytes = await changes.open(exchange, Number.isSafeInteger(known) && known >= 0 ? known : undefined);
      log.request(exchange, { status: 200, bytes });
    },
    fail,
  });
  const route = getRequestListener(router.fetch as never, { overrideGlobalObjects: false });

  async function answer(exchange: Exchange): Promise<void> {
    const { incoming, outgoing, path } = exchange;
    checkRequest(incoming, allowed());
    const reads = incoming.method === 'GET' || incoming.method === 'HEAD';
    if (reads && path === '/v1/health') {
      await engine.stamp();
      return send(exchange, healthy);
    }
    const file = reads ? findStatic(library, path) : undefined;
    if (file) return send(exchange, file);
    const { scope } = await letIn(exchange);
    if (reads) {
      exchange.stamp = await stampFor(incoming.socket);
      const kept = answers[scope].find(incoming.url!, exchange.stamp);
      if (kept) return send(exchange, kept);
    }
    checkTarget(incoming);
    exchanges.set(incoming, exchange);
    await route(incoming, outgoing);
  }
  return {
    take(incoming, outgoing) {
      const exchange = beginExchange(incoming, outgoing, { behindProxy });
      answer(exchange).catch((error: unknown) => fail(exchange, error).catch(() => outgoing.destroy()));
    },
    endSoon() {
      closing = true;
      changes.close();
    },
  };
}
