import type { Writable } from 'node:stream';
import type { Engine } from '../engine/engine.ts';
import { createAccessLog } from './accessLog.ts';
import { tokenVerifier } from './authenticate.ts';
import { createDoor } from './door.ts';
import type { Issuer } from './jsonWebTokens.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { type Listening, listen, type Place } from './listen.ts';
import type { StaticFiles } from './staticFiles.ts';

export type ServerOptions = Place & {
  /** Opened in this process. The server does not close it. */
  engine: Engine;
  /** Whose JSON Web Tokens are taken besides the vault's own tokens. */
  issuer?: Issuer;
  /** The pages at `/`. */
  library?: StaticFiles;
  /** Takes one JSON line per request; nothing is logged without. */
  log?: Writable;
  /** What differs from the defaults. */
  limits?: Partial<Limits>;
};
export type RunningServer = {
  /** `http://127.0.0.1:7878`, without a slash at the end. */
  url: string;
  /** Stops to accept, lets what is under way end within 10 s, and settles. */
  close(): Promise<void>;
};

/** Serves a vault over HTTP until it is closed. USAGE for a place that it must not or cannot listen at. */
export async function startServer({ engine, issuer, library, ...options }: ServerOptions): Promise<RunningServer> {
  const limits = { ...defaultLimits, ...options.limits };
  const log = createAccessLog(options.log);
  const door = createDoor({
    engine,
    verify: tokenVerifier(engine, issuer),
    limits,
    log,
    library,
    behindProxy: options.behindProxy !== undefined,
    allowed: () => listening.allowed,
    connections: () => listening.connections(),
  });
  const listening: Listening = await listen(door.take, options, limits);
  // Streams tell of others' commits within 250 ms.
  await engine.setFocused({ focused: true });
  let closed: Promise<void> | undefined;
  async function close(): Promise<void> {
    door.endSoon();
    await listening.close();
    await log.close();
  }
  return {
    url: listening.url,
    close() {
      closed ??= close();
      return closed;
    },
  };
}
