import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Engine, EngineHost, OpenEngineOptions } from '../engine/engine.ts';
import { environmentHost } from '../engine/environmentHost.ts';
import { findActor } from '../engine/findActor.ts';
import { codeOf, VaultError } from '../shared/errors.ts';
import type { CliIo, GlobalOptions } from './verb.ts';

const place = join('.promptvault', 'vault.db');

/** The vault of a folder. */
export const vaultIn = (folder: string) => join(folder, place);

/** --vault, else the nearest `.promptvault/vault.db` upwards from the working folder. FILE_NOT_FOUND with what to do. */
export function findVault({ cwd }: CliIo, { vault }: GlobalOptions): string {
  if (vault !== undefined) return resolve(cwd, vault);
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(vaultIn(folder))) return vaultIn(folder);
    if (dirname(folder) === folder) break;
  }
  const message = `There is no vault in ${cwd} or above it. Make one with "promptvault init", or name one with --vault`;
  throw new VaultError('FILE_NOT_FOUND', message, { file: vaultIn(cwd) });
}

/** The engine of one call, opened by its first use. */
export type Session = {
  engine(mode?: OpenEngineOptions['mode'], more?: Pick<OpenEngineOptions, 'delivers'>): Promise<Engine>;
  close(): Promise<void>;
};

export function createSession(io: CliIo, options: GlobalOptions): Session {
  let opened: Promise<Engine> | undefined;
  async function open({ mode, delivers }: Pick<OpenEngineOptions, 'mode' | 'delivers'>): Promise<Engine> {
    const file = findVault(io, options);
    const actor = options.actor?.trim() || (await findActor(io.cwd, io.env));
    // Loaded late: help and wrong usage need none of it.
    const { openEngine } = await import('../engine/openEngine.ts');
    const host: EngineHost = environmentHost(io.env);
    try {
      return await openEngine(file, { actor, host, mode, ...(delivers && { delivers }) });
    } catch (error) {
      if (mode !== 'read' || codeOf(error) !== 'READ_ONLY') throw error;
      // An interrupted write is undone, and an older vault brought up to date, by opening it for writing once.
      await (await openEngine(file, { actor, host, mode: 'write' })).close();
      return openEngine(file, { actor, host, mode });
    }
  }
  return {
    engine(mode = 'write', more = {}) {
      opened ??= open({ mode, ...more });
      return opened;
    },
    async close() {
      const engine = await opened?.catch(() => undefined);
      await engine?.close();
    },
  };
}
