import type { IncomingMessage } from 'node:http';
import type { Engine } from '../engine/engine.ts';
import type { TokenGrant } from '../publish/accessTokens.ts';
import { type Issuer, jsonWebTokens } from './jsonWebTokens.ts';
import { refusal } from './problem.ts';

/** Says what a bearer's token is good for; null for no valid one. */
export type Verify = (token: string) => Promise<TokenGrant | null>;

const scheme = 'bearer ';
const longest = 8000;

/** The vault's own tokens, and those of an issuer where one is trusted. */
export function tokenVerifier(engine: Pick<Engine, 'verifyToken'>, issuer: Issuer | undefined): Verify {
  const ofIssuer = issuer && jsonWebTokens(issuer);
  return (token) => {
    if (ofIssuer && !token.startsWith('pv_')) return ofIssuer(token);
    return engine.verifyToken({ token });
  };
}

/** What stands behind `Bearer`; undefined where nothing does. */
export function tokenOf({ headers: { authorization = '' } }: IncomingMessage): string | undefined {
  if (authorization.length > longest || authorization.slice(0, scheme.length).toLowerCase() !== scheme)
    return undefined;
  return authorization.slice(scheme.length).trim() || undefined;
}

/** The token of a request, checked. 401 without one, and for one that is not valid. */
export async function authenticate(incoming: IncomingMessage, verify: Verify): Promise<TokenGrant> {
  const token = tokenOf(incoming);
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
