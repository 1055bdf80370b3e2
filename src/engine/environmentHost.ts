import { connectionFromEnvironment } from '../models/environment.ts';
import { readPublishFile } from '../publish/publishFile.ts';
import type { EngineHost } from './engine.ts';

/** A host outside of VS Code: keys and addresses from environment variables, no prices of one's own, no editor models. */
export function environmentHost(env: NodeJS.ProcessEnv): EngineHost {
  return {
    connection: async (vendor) => connectionFromEnvironment(vendor, env),
    prices: async () => ({}),
    publishing: () => readPublishFile(env),
  };
}
