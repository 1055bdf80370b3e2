import { openLibrary } from './library/openLibrary.ts';
import { type RunningServer, type ServerOptions, startServer } from './startServer.ts';
import type { StaticFiles } from './staticFiles.ts';

/** `startServer` with the web library at `/`, where it was built. */
export function serveVault(options: Omit<ServerOptions, 'library'>): Promise<RunningServer> {
  return startServer({ ...options, library: builtLibrary() });
}

function builtLibrary(): StaticFiles | undefined {
  try {
    return openLibrary();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
