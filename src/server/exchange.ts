import { randomBytes } from 'node:crypto';
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
  /** The address up to its query, as it was sent. */
  path: string;
  /** Null until it has shown a token, and for what needs none. */
  grant: TokenGrant | null;
  /** The vault's stamp from before anything was read for a GET. */
  stamp?: number;
};

const plainId = /^[\w.:-]{1,100}$/;
/** Of this process. */
const idPrefix = randomBytes(9).toString('base64url');
let requests = 0;

function nextId(): string {
  requests += 1;
  return `${idPrefix}-${requests}`;
}

export function beginExchange(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { behindProxy }: { behindProxy: boolean },
): Exchange {
  const { headers, socket, url = '' } = incoming;
  const given = headers['x-request-id'];
  const id = typeof given === 'string' && plainId.test(given) ? given : nextId();
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  const address = (behindProxy && forwardedFor(headers['x-forwarded-for'])) || socket.remoteAddress || '';
  return { incoming, outgoing, id, address, begunAt: performance.now(), path, grant: null };
}

/** The last entry is what the proxy itself has seen; those before it anybody may have made up. */
function forwardedFor(header: string | string[] | undefined): string | undefined {
  const last = String(header ?? '')
    .split(',')
    .at(-1)!
    .trim();
  return /^[\w.:[\]-]{1,60}$/.test(last) ? last : undefined;
}
