import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Engine } from '../../src/engine/engine.ts';
import { environmentHost } from '../../src/engine/environmentHost.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import type { TokenScope } from '../../src/publish/tokenFile.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/startServer.ts';
import { temporaryFolder, userMessage } from './vaultBuilders.ts';

export type Reply = { status: number; headers: Headers; json: Record<string, unknown>; text: string };
export type ServedVault = {
  engine: Engine;
  server: RunningServer;
  folder: string;
  tokens: Record<TokenScope, string>;
  /** With the token of that scope, `read` unless told; null for none. */
  ask(path: string, init?: RequestInit, scope?: TokenScope | string | null): Promise<Reply>;
  close(): Promise<void>;
};

/** A new vault behind a real server on a free port, and a token of each scope. Its token file is nobody else's. */
export async function serveNewVault(options: Partial<ServerOptions> = {}): Promise<ServedVault> {
  const folder = temporaryFolder();
  const before = process.env.PROMPTVAULT_TOKENS;
  process.env.PROMPTVAULT_TOKENS = join(folder.path, 'tokens.json');
  const engine = await openEngine(join(folder.path, 'vault.db'), {
    actor: 'Ada',
    host: environmentHost({}),
    mode: 'create',
  });
  const tokens = {} as Record<TokenScope, string>;
  for (const scope of ['read-prd', 'read', 'write'] as const) {
    tokens[scope] = (await engine.createToken({ name: `for ${scope}`, scope })).token;
  }
  if (before === undefined) delete process.env.PROMPTVAULT_TOKENS;
  else process.env.PROMPTVAULT_TOKENS = before;
  const server = await startServer({ engine, port: 0, ...options });
  return {
    engine,
    server,
    folder: folder.path,
    tokens,
    async ask(path, init = {}, scope = 'read') {
      const headers = new Headers(init.headers);
      if (scope !== null) headers.set('authorization', `Bearer ${tokens[scope as TokenScope] ?? scope}`);
      if (init.body && !headers.has('content-type')) headers.set('content-type', 'application/json');
      const answer = await fetch(server.url + path, { ...init, headers });
      const text = await answer.text();
      const json = /json/.test(answer.headers.get('content-type') ?? '') && text ? JSON.parse(text) : {};
      return { status: answer.status, headers: answer.headers, json, text };
    },
    async close() {
      await server.close();
      await engine.close();
      folder.remove();
    },
  };
}

/** A prompt in production as 1.0, with 1.1 in DEV. */
export async function release(engine: Engine, path = 'support/triage', text = 'Sort {{mail}}.'): Promise<void> {
  await engine.create({ path, messages: [userMessage(text)], tags: ['mail'], description: 'For mail.' });
  await engine.promote({ ref: `${path}@1.0` });
  await engine.promote({ ref: `${path}@1.0` });
  await engine.createVersion({ ref: path });
  await engine.edit({ ref: `${path}@1.1`, messages: [userMessage(`${text} Unreleased zebra.`)] });
}

export const sha256 = (text: string) => hash('sha256', text);
