import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';
import type { TokenGrant } from '../publish/accessTokens.ts';
import type { TokenScope } from '../publish/tokenFile.ts';
import { VaultError } from '../shared/errors.ts';
import type { Verify } from './authenticate.ts';
import { refusal } from './problem.ts';
import { scopes } from './route.ts';

/** An OAuth2 issuer whose tokens are taken as well. `jwks` is the address of its keys. */
export type Issuer = {
  jwks: string;
  issuer: string;
  audience: string;
  /** How long after asking for keys it does not ask again for one that is not among them, in ms: 30 s unless told. */
  refetchMs?: number;
};

/** From here, never from a token: none is symmetric, so a public key cannot be taken for a secret. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const clockToleranceS = 5;
/** How long an issuer is left alone after it was asked, in ms, also when it had no keys to give. */
const restMs = 5000;

/**
 * Checks signature, issuer, audience and times of a JSON Web Token. Its claim `scope` or `scp` holds one of our scopes, plain
 * or as `promptvault:read`. Keys are fetched when needed, and again for a `kid` that is not known, at most twice a minute.
 */
export function jsonWebTokens({ jwks, issuer, audience, refetchMs = 30_000 }: Issuer): Verify {
  const keys = createRemoteJWKSet(keyAddress(jwks), {
    timeoutDuration: 5000,
    cooldownDuration: refetchMs,
    [customFetch]: seldom(Math.min(restMs, refetchMs)),
  });
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms,
        issuer,
        audience,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: clockToleranceS,
      });
      const scope = scopeOf(payload.scope ?? payload.scp);
      return scope === null ? null : grantOf(String(payload.sub), scope);
    } catch (error) {
      if (isOfIssuer(error)) throw unreachable();
      return null;
    }
  };
}

/** Whoever makes up tokens while there are no keys must not have the issuer asked for each. */
function seldom(pauseMs: number): typeof fetch {
  let nextAt = 0;
  return (...request) => {
    if (performance.now() < nextAt) throw unreachable();
    nextAt = performance.now() + pauseMs;
    return fetch(...request);
  };
}

/** Whether it is the issuer's keys that could not be had; the plain error is for an answer that holds none. */
function isOfIssuer(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return (
    error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC'
  );
}

const unreachable = () =>
  refusal(503, 'ISSUER_AWAY', 'The keys of the issuer cannot be fetched', { headers: { 'retry-after': '5' } });

function grantOf(subject: string, scope: TokenScope): TokenGrant {
  const name = subject.replaceAll(/\p{C}/gu, '').slice(0, 60) || 'unnamed';
  return { id: `jwt:${name}`, name, scope };
}

/** The widest of ours among the claim's words. */
function scopeOf(claim: unknown): TokenScope | null {
  const words = (Array.isArray(claim) ? claim : String(claim ?? '').split(' ')).map((word) =>
    String(word).replace(/^promptvault:/, ''),
  );
  return scopes.findLast((scope) => words.includes(scope)) ?? null;
}

function keyAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const own = url && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && own)) return url;
  throw new VaultError('USAGE', 'The keys of an issuer are fetched by https:// (http:// only from this machine)', {
    field: 'jwks',
  });
}
