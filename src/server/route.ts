import type { IncomingHttpHeaders } from 'node:http';
import type * as z from 'zod';
import type { Engine } from '../engine/engine.ts';
import type { TokenGrant } from '../publish/accessTokens.ts';
import type { TokenScope } from '../publish/tokenFile.ts';
import type { Answer } from './answer.ts';

/** What a handler is given. `path` is what stands in the address for `{path}`; query and body have passed their schemas. */
export type RouteCall<Query, Body> = {
  engine: Engine;
  grant: TokenGrant;
  path: string;
  query: Query;
  body: Body;
  headers: IncomingHttpHeaders;
};
/** What a handler answers: the value that becomes JSON, and what is special about it. */
export type Reply = { value: unknown } & Partial<Pick<Answer, 'status' | 'etag' | 'cacheControl' | 'headers'>>;

/** A line of the table from which both the router and the OpenAPI document are made. */
export type Route<Query = unknown, Body = unknown> = {
  method: 'GET' | 'POST' | 'PUT';
  /** As OpenAPI writes it; `{path}` may hold slashes and stands at the end. */
  path: string;
  /** The operation's name in generated clients. */
  id: string;
  summary: string;
  /** What a token must be good for at least. */
  scope: TokenScope;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  /** What is answered; `status` is 200 unless told. */
  answer: z.ZodType;
  status?: 200 | 201;
  /** Headers that the request must have, with what they say. */
  needs?: { readonly [header: string]: string };
  handle(call: RouteCall<Query, Body>): Promise<Reply>;
};
/** A route that keeps the connection and writes to it as things happen. */
export type StreamRoute = Omit<Route, 'handle' | 'body' | 'answer'> & { contentType: string };

/** Checks the types of one line and forgets them, since the table holds all kinds. */
export function route<Query, Body>(line: Route<Query, Body>): Route {
  return line as Route;
}

/** Each is good for what those before it are. */
export const scopes = ['read-prd', 'read', 'write'] as const satisfies readonly TokenScope[];

/** Whether a token's scope is enough for what needs `least`. */
export function reaches(scope: TokenScope, least: TokenScope): boolean {
  return scopes.indexOf(scope) >= scopes.indexOf(least);
}
