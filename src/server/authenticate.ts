import type { IncomingMessage } from 'node:http';
import type { Engine } from '../engine/engine.ts';
import type { TokenGrant } from '../publish/accessTokens.ts';
import { refusal } from './problem.ts';

/** Says what a bearer's token is good for; null for no valid one. */
export type Verify = (token: string) => Promise<TokenGrant | null>;

const bearer = /^Bearer ([\w.~+/=-]{1,8000})$/i;

/** The token of a request, checked. 401 without one, and for one that is not valid. */
export async function authenticate({ headers }: IncomingMessage, verify: Verify): Promise<TokenGrant> {
  const [, token] = bearer.exec(headers.authorization ?? '') ?? [];
  if (token === undefined) throw unauthorized('Send a token: "Authorization: Bearer pv_…"', 'Bearer');
  const grant = await verify(token);
  if (!grant) throw unauthorized('The token is not valid, has expired or was revoked', 'Bearer error="invalid_token"');
  return grant;
}

function unauthorized(detail: string, challenge: string) {
  return refusal(401, 'UNAUTHORIZED', 'A valid token is needed', {
    detail,
    headers: { 'www-authenticate': challenge },
  });
}

export const vaultTokens =
  (engine: Pick<Engine, 'verifyToken'>): Verify =>
  (token) =>
    engine.verifyToken({ token });
