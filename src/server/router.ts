import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import type { Engine } from '../engine/engine.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { refusal } from './problem.ts';
import { parseWith, readJson, readQuery } from './readRequest.ts';
import { type Route, reaches, type StreamRoute } from './route.ts';

type Parts = {
  engine: Engine;
  routes: readonly Route[];
  streams: readonly StreamRoute[];
  exchangeOf(incoming: HttpBindings['incoming']): Exchange;
  /** Sends what a route answered. */
  reply(exchange: Exchange, answer: Answer): Promise<void>;
  /** Keeps the connection until the stream has ended. */
  stream(exchange: Exchange, query: { after?: number }): Promise<void>;
  fail(exchange: Exchange, error: unknown): Promise<void>;
};
type Call = Context<{ Bindings: HttpBindings }>;

/** The table of routes as hono routes. What they answer is sent by `reply`, so that cached answers go the same way. */
export function createRouter(parts: Parts): Hono<{ Bindings: HttpBindings }> {
  const { engine, routes, streams, exchangeOf, reply, stream, fail } = parts;
  const router = new Hono<{ Bindings: HttpBindings }>();
  const taken = (run: (exchange: Exchange, path: string) => Promise<void>) => async (call: Call) => {
    const exchange = exchangeOf(call.env.incoming);
    try {
      await run(exchange, call.req.param('path') ?? '');
    } catch (error) {
      await fail(exchange, error);
    }
    return RESPONSE_ALREADY_SENT;
  };
  const grantOf = ({ grant }: Exchange, { scope }: Pick<Route, 'scope'>) => {
    if (grant && reaches(grant.scope, scope)) return grant;
    throw refusal(403, 'FORBIDDEN', 'The token is not good for this', {
      detail: `This needs a token with the scope ${scope}`,
      headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
    });
  };
  for (const line of routes) {
    const handler = taken(async (exchange, path) => {
      const { incoming } = exchange;
      const grant = grantOf(exchange, line);
      const query = readQuery(incoming.url ?? '', line.query);
      const body = line.body && parseWith(line.body, await readJson(incoming), 'body');
      const { value, ...special } = await line.handle({ engine, grant, path, query, body, headers: incoming.headers });
      await reply(exchange, jsonAnswer(value, { status: line.status, ...special }));
    });
    router.on(line.method, patternOf(line.path), handler);
  }
  for (const line of streams) {
    const handler = taken(async (exchange) => {
      grantOf(exchange, line);
      if (exchange.incoming.method === 'HEAD') throw wrongMethod('GET');
      await stream(exchange, readQuery(exchange.incoming.url ?? '', line.query) as { after?: number });
    });
    router.on(line.method, patternOf(line.path), handler);
  }
  router.all(
    '*',
    taken(async ({ path }) => {
      const others = [...routes, ...streams].filter((line) => matches(line.path, path)).map(({ method }) => method);
      if (others.length > 0) throw wrongMethod(others.join(', '));
      throw refusal(404, 'NO_SUCH_ADDRESS', 'There is nothing at this address', {
        detail: 'See what there is: /openapi.json',
      });
    }),
  );
  return router;
}

const wrongMethod = (allow: string) =>
  refusal(405, 'METHOD_NOT_ALLOWED', 'The address knows other methods', { headers: { allow } });
const patternOf = (path: string) => path.replace('{path}', ':path{.+}');

function matches(pattern: string, path: string): boolean {
  const [fixed = '', more] = pattern.split('{path}');
  return more === undefined ? path === pattern : path.startsWith(fixed) && path.length > fixed.length;
}
