import { createWriteStream, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import type { Engine } from '../../engine/engine.ts';
import type { TokenInfo } from '../../publish/accessTokens.ts';
import type { TokenScope } from '../../publish/tokenFile.ts';
import { VaultError } from '../../shared/errors.ts';
import { table } from '../table.ts';
import type { Answer, Call, CliIo, Verb } from '../verb.ts';
import { shortTime } from '../versionText.ts';

const group = 'Using:';
const usualPort = 7878;

type ServeOptions = {
  port?: number;
  listen?: string;
  tlsCert?: string;
  tlsKey?: string;
  behindProxy?: string;
  jwks?: string;
  issuer?: string;
  audience?: string;
  log?: string;
  rate?: number;
  connections?: number;
};

const serve: Verb<ServeOptions> = {
  usage: 'serve',
  group,
  summary: 'serve the vault over HTTP: REST, GraphQL, live changes and a web library',
  detail:
    'REST is below /v1 and described by /openapi.json, GraphQL is at /graphql, changes as they happen at /v1/changes, the web library at /. Everybody needs a token: see "promptvault token". It listens on this machine alone unless --listen names an address, which needs a certificate, or a proxy in front that has one. What is promoted or rolled back by anybody is served at once, and delivered to automatic targets and webhooks as by "promptvault sync --watch". With --jwks the claim scope (or scp) of a JSON Web Token names read-prd, read or write. Requests are logged as JSON lines on stderr, without texts, values or tokens. Ctrl+C or SIGTERM ends it: requests under way are finished, for 10 seconds at most. With --json it prints its address on stdout when it is ready.',
  options: [
    { flags: '--port <n>', kind: 'count', about: `the port (default: ${usualPort}); 0 for any that is free` },
    { flags: '--listen <address>', kind: 'text', about: 'an address of this machine instead of 127.0.0.1 and ::1' },
    {
      flags: '--tls-cert <file>',
      kind: 'text',
      about: 'the certificate with its chain, PEM; clients must use its names',
    },
    { flags: '--tls-key <file>', kind: 'text', about: 'its key, PEM' },
    {
      flags: '--behind-proxy <origin>',
      kind: 'text',
      about: 'the origin of a proxy in front: https://prompts.example.com',
    },
    { flags: '--jwks <url>', kind: 'text', about: 'keys of an OAuth2 issuer whose JSON Web Tokens are taken as well' },
    { flags: '--issuer <iss>', kind: 'text', about: 'with --jwks: the issuer they must name' },
    { flags: '--audience <aud>', kind: 'text', about: 'with --jwks: the audience they must be for' },
    { flags: '--log <file>', kind: 'text', about: 'append the log to this file instead of stderr' },
    {
      flags: '--rate <n>',
      kind: 'count',
      about: 'requests of one token in a second, counted over ten (default: 5000)',
    },
    { flags: '--connections <n>', kind: 'count', about: 'connections at once (default: 2000)' },
  ],
  examples: [
    'promptvault serve',
    'promptvault serve --port 0 --json',
    'promptvault serve --listen 0.0.0.0 --tls-cert cert.pem --tls-key key.pem',
    'promptvault serve --listen 10.0.0.5 --behind-proxy https://prompts.example.com',
  ],
  async run({ options, io, signal, engine, say }) {
    const place = await placeOf(io, options);
    const issuer = issuerOf(options);
    const log = logOf(io, options);
    const vault = await engine('write', { delivers: true });
    const { serveVault } = await import('../../server/serveVault.ts');
    const limits = {
      ...(options.rate ? { perSecond: options.rate } : {}),
      ...(options.connections ? { connections: options.connections } : {}),
    };
    const server = await serveVault({ engine: vault, ...place, issuer, limits, log });
    const { file, vaultId } = await vault.info();
    if (options.json) io.stdout.write(`${JSON.stringify({ url: server.url, pid: process.pid, file, vaultId })}\n`);
    say(`Serving ${file} at ${server.url}. Ctrl+C ends it`);
    if (!issuer && !(await hasTokens(vault))) say('Nobody has a token yet: promptvault token create <name>');
    await toldToEnd(signal);
    await server.close();
    return { json: undefined, text: '' };
  },
};

async function placeOf(io: CliIo, { port = usualPort, listen: host, tlsCert, tlsKey, behindProxy }: ServeOptions) {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new VaultError('USAGE', '--tls-cert and --tls-key go together');
  }
  if (port > 65_535) throw new VaultError('USAGE', 'A port is a number up to 65535');
  const read = (file: string) => readFile(resolve(io.cwd, file), 'utf8').catch((error) => refuseFile(file, error));
  const tls =
    tlsCert !== undefined && tlsKey !== undefined ? { cert: await read(tlsCert), key: await read(tlsKey) } : undefined;
  return { host, port, tls, behindProxy };
}

function refuseFile(file: string, error: Error): never {
  throw new VaultError('FILE_NOT_FOUND', `${file} cannot be opened: ${error.message}`, { file }, error);
}

function issuerOf({ jwks, issuer, audience }: ServeOptions) {
  if (jwks === undefined && issuer === undefined && audience === undefined) return undefined;
  if (jwks !== undefined && issuer !== undefined && audience !== undefined) return { jwks, issuer, audience };
  throw new VaultError('USAGE', '--jwks, --issuer and --audience go together: any of them alone would let others in');
}

/** Opened before anything is served: a log that cannot be written is said at once. */
function logOf(io: CliIo, { log }: ServeOptions): Writable {
  if (log === undefined) return io.stderr;
  try {
    return createWriteStream('', { fd: openSync(resolve(io.cwd, log), 'a', 0o600) });
  } catch (error) {
    return refuseFile(log, error as Error);
  }
}

async function hasTokens(vault: Engine): Promise<boolean> {
  return (await vault.listTokens()).some((token) => stateOf(token) === 'valid');
}

/** Ctrl+C, or the signal by which a service is stopped. */
function toldToEnd(signal: AbortSignal): Promise<void> {
  return new Promise((end) => {
    if (signal.aborted) end();
    signal.addEventListener('abort', () => end(), { once: true });
    process.once('SIGTERM', () => end());
  });
}

type TokenOptions = { scope?: string; expires?: string };
type Action = (call: Call<TokenOptions>, vault: Engine, word: string | undefined) => Promise<Answer>;

const tokenActions: { readonly [name: string]: Action } = {
  async create({ options: { scope = 'read-prd', expires, json }, say }, vault, name) {
    if (name === undefined) throw new VaultError('USAGE', 'Name whom it is for: promptvault token create <name>');
    const expiresAt = expires === undefined ? null : timeAfter(expires);
    const made = await vault.createToken({ name, scope: scope as TokenScope, expiresAt });
    const until = made.expiresAt === null ? 'does not expire' : `expires ${shortTime(made.expiresAt)}`;
    // Beside the token, so that $(promptvault token create …) is the token alone.
    if (!json) say(`This is the only time it is shown. It is for ${made.name}, scope ${made.scope}, and ${until}.`);
    return { json: made, text: made.token };
  },
  async list(_call, vault) {
    const tokens = await vault.listTokens();
    const rows = tokens.map((token) => [
      token.id,
      token.name,
      token.scope,
      stateOf(token),
      shortTime(token.createdAt),
      token.expiresAt && shortTime(token.expiresAt),
      token.lastUsedAt && shortTime(token.lastUsedAt),
    ]);
    const listed = table(['id', 'for', 'scope', 'state', 'made', 'expires', 'last used'], rows);
    const none = 'There is no token for this vault. Make one: promptvault token create <name>';
    return { json: { tokens }, text: tokens.length === 0 ? none : listed };
  },
  async revoke(_call, vault, id) {
    if (id === undefined) throw new VaultError('USAGE', 'Name it by its id: promptvault token revoke <id>');
    const revoked = await vault.revokeToken({ id: idOf(id) });
    return { json: revoked, text: `Revoked the token of ${revoked.name}; running servers refuse it from now on` };
  },
};

const token: Verb<TokenOptions> = {
  usage: 'token [action] [word]',
  group,
  summary: 'tokens for "promptvault serve": create, list, revoke',
  detail:
    'A token is shown once and kept as a hash, in a file of this user and not in the vault. Scopes: read-prd sees what is released, read also drafts and history, write also makes and edits drafts. No token promotes. --expires takes a time such as 12h, 90d or 2027-01-31.',
  options: [
    { flags: '--scope <scope>', kind: 'text', about: 'create: read-prd (default), read or write' },
    { flags: '--expires <time>', kind: 'text', about: 'create: 12h, 90d, or a date; never unless given' },
  ],
  examples: [
    'promptvault token create shop --expires 90d',
    'TOKEN=$(promptvault token create ci)',
    'promptvault token create library --scope read',
    'promptvault token list',
    'promptvault token revoke 3f9a2c71d0b4',
  ],
  async run(call) {
    const [action = 'list', word] = call.args;
    const found = Object.hasOwn(tokenActions, action) && tokenActions[action];
    if (!found) throw new VaultError('USAGE', `${action}: say one of ${Object.keys(tokenActions).join(', ')}`);
    return found(call, await call.engine('read'), word);
  },
};

/** The id, also where somebody gives the whole token: its secret is not repeated anywhere. */
const idOf = (word: string) => /^pv_([0-9a-f]+)_/.exec(word)?.[1] ?? word.slice(0, 40);

const hourMs = 3_600_000;

/** `12h`, `90d`, or a date; ISO 8601. */
function timeAfter(text: string): string {
  const [, count, unit] = /^(\d{1,5})([hd])$/.exec(text.trim()) ?? [];
  const at = count ? new Date(Date.now() + Number(count) * (unit === 'd' ? 24 : 1) * hourMs) : new Date(text);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw new VaultError('USAGE', `--expires ${text}: write 12h, 90d or 2027-01-31`);
}

function stateOf({ revokedAt, expiresAt }: TokenInfo): 'valid' | 'revoked' | 'expired' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= new Date().toISOString() ? 'expired' : 'valid';
}

export const serveVerbs: readonly Verb[] = [serve, token];
