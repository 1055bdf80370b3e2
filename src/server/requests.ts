import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TokenGrant } from '../publish/accessTokens.ts';

/** One request on its way through the server. */
export type Exchange = {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  /** The client's X-Request-Id where it is a plain word, else one of ours; answered, and logged. */
  id: string;
  /** Of the client, or what the proxy in front says of it. */
  address: string;
  begunAt: number;
  /** Null until it has shown a token, and for what needs none. */
  grant: TokenGrant | null;
  /** The address up to its query, as it was sent. */
  path: string;
};

const plainId = /^[\w.:-]{1,100}$/;

export function beginExchange(incoming: IncomingMessage, outgoing: ServerResponse, address: string): Exchange {
  const given = incoming.headers['x-request-id'];
  const id = typeof given === 'string' && plainId.test(given) ? given : randomUUID();
  const target = incoming.url ?? '';
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  return { incoming, outgoing, id, address, begunAt: performance.now(), grant: null, path };
}
