import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join, resolve } from 'node:path';
import { VaultError } from '../shared/errors.ts';
import { stateFolder } from '../vault/backupPlace.ts';
import type { VaultApi } from '../vault/types.ts';
import { openTokenFile, type TokenRecord, type TokenScope, tokenScopes } from './tokenFile.ts';

/** A token as people see it: never its secret. */
export type TokenInfo = Omit<TokenRecord, 'sha256' | 'vaultId'>;
/** What a valid token lets its bearer do. */
export type TokenGrant = { id: string; name: string; scope: TokenScope };

/** Tokens of the served API. They live in a file of this user, so that a cloned vault brings none along. */
export type TokenCalls = {
  /** The only time that the token itself is told. `expiresAt` is ISO 8601; never unless given. `scope` is read-prd unless told. */
  createToken(p: {
    name: string;
    scope?: TokenScope;
    expiresAt?: string | null;
  }): Promise<TokenInfo & { token: string }>;
  /** Those of this vault, newest first, revoked and expired ones too. */
  listTokens(): Promise<TokenInfo[]>;
  /** NOT_FOUND when this vault has no such token. Every server refuses it within 100 ms. */
  revokeToken(p: { id: string }): Promise<TokenInfo>;
  /** Null for what is no valid token of this vault. */
  verifyToken(p: { token: string }): Promise<TokenGrant | null>;
};
type Options = { vaultId(): string; actor: string; env?: NodeJS.ProcessEnv; now?: () => Date };

const form = /^pv_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;
const usedEveryMs = 60_000;
const mostVerified = 1000;
/** `endsAt` in ms since 1970. */
type Valid = { grant: TokenGrant; endsAt: number };

/** The file of a vault's tokens: PROMPTVAULT_TOKENS, else one per vault in the platform's place for a program's state. */
export function tokenFileOf(vaultId: string, env: NodeJS.ProcessEnv = process.env): string {
  if (env.PROMPTVAULT_TOKENS) return resolve(env.PROMPTVAULT_TOKENS);
  const name = vaultId.replaceAll(/[^A-Za-z0-9-]/g, '').slice(0, 64) || 'unknown';
  return join(stateFolder(env), 'tokens', `${name}.json`);
}

export function tokensOf(vault: Pick<VaultApi, 'info'>, actor: string): TokenCalls {
  let vaultId: string | undefined;
  return accessTokens({
    actor,
    vaultId: () => {
      vaultId ??= vault.info().vaultId;
      return vaultId;
    },
  });
}

export function accessTokens({ vaultId, actor, env, now = () => new Date() }: Options): TokenCalls {
  let opened: ReturnType<typeof openTokenFile> | undefined;
  const file = () => {
    opened ??= openTokenFile(tokenFileOf(vaultId(), env));
    return opened;
  };
  const noted = new Map<string, number>();
  // What was hashed and compared once need not be again while the file stays: that is a good part of a request's time.
  const verified = new Map<string, Valid>();
  let verifiedIn: readonly TokenRecord[] | undefined;

  /** Lost when the file cannot be written: that a token was used is no reason to refuse it. */
  function noteUse(id: string, at: Date): void {
    if (at.getTime() - (noted.get(id) ?? Number.NEGATIVE_INFINITY) < usedEveryMs) return;
    noted.set(id, at.getTime());
    const note = (records: TokenRecord[]) => {
      const used = records.find((one) => one.id === id);
      if (used) used.lastUsedAt = at.toISOString();
    };
    file()
      .change(note, 'now')
      .catch(() => undefined);
  }

  return {
    async createToken({ name, scope = 'read-prd', expiresAt = null }) {
      const record: TokenRecord = {
        id: randomBytes(6).toString('hex'),
        vaultId: vaultId(),
        name: checkedName(name),
        scope: checkedScope(scope),
        sha256: '',
        createdAt: now().toISOString(),
        createdBy: actor,
        expiresAt: checkedExpiry(expiresAt, now()),
        lastUsedAt: null,
        revokedAt: null,
      };
      const token = `pv_${record.id}_${randomBytes(32).toString('base64url')}`;
      await file().change((records) => records.push({ ...record, sha256: hash('sha256', token) }));
      return { ...toInfo(record), token };
    },
    async listTokens() {
      const own = file()
        .records()
        .filter((one) => one.vaultId === vaultId());
      return own.map(toInfo).reverse();
    },
    revokeToken: ({ id }) =>
      file().change((records) => {
        const found = records.find((one) => one.id === id && one.vaultId === vaultId());
        if (!found) throw new VaultError('NOT_FOUND', `This vault has no token ${id}`, { ref: id });
        found.revokedAt ??= now().toISOString();
        return toInfo(found);
      }),
    async verifyToken({ token }) {
      const look = (records: readonly TokenRecord[]) => {
        if (records !== verifiedIn) verified.clear();
        verifiedIn = records;
        return verified.get(token) ?? findValid(records, token, vaultId());
      };
      // One that was made a moment ago, by another process, is good at once.
      const valid = look(file().records()) ?? look(file().records('now'));
      const at = now();
      // An end that cannot be read is no end to come.
      if (!valid || !(valid.endsAt > at.getTime())) return null;
      if (verified.size < mostVerified) verified.set(token, valid);
      noteUse(valid.grant.id, at);
      return valid.grant;
    },
  };
}

/** The record of a token that is not revoked. What is compared is a hash, in constant time. */
function findValid(records: readonly TokenRecord[], token: string, vaultId: string): Valid | null {
  const [, id] = form.exec(token) ?? [];
  const found = id === undefined ? undefined : records.find((one) => one.id === id && one.vaultId === vaultId);
  if (!found || found.revokedAt !== null || !tokenScopes.includes(found.scope)) return null;
  const given = hash('sha256', token, 'buffer');
  const kept = Buffer.from(found.sha256, 'hex');
  if (kept.length !== given.length || !timingSafeEqual(kept, given)) return null;
  const endsAt = found.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(found.expiresAt);
  return { grant: { id: found.id, name: found.name, scope: found.scope }, endsAt };
}

function toInfo({ sha256: _hash, vaultId: _vault, ...info }: TokenRecord): TokenInfo {
  return info;
}

function checkedName(name: string): string {
  if (typeof name === 'string' && /^[^\p{C}]{1,60}$/u.test(name) && name.trim() !== '') return name.trim();
  throw new VaultError('INVALID_INPUT', 'A token is named in one line of 1 to 60 characters', { field: 'name' });
}

function checkedScope(scope: TokenScope): TokenScope {
  if (tokenScopes.includes(scope)) return scope;
  throw new VaultError('INVALID_INPUT', `A scope is one of ${tokenScopes.join(', ')}`, { field: 'scope' });
}

function checkedExpiry(text: string | null, now: Date): string | null {
  if (text === null) return null;
  const at = new Date(text);
  if (at > now) return at.toISOString();
  throw new VaultError('INVALID_INPUT', 'A token expires at a time to come', { field: 'expiresAt' });
}
