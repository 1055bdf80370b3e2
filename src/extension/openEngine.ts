import { join } from 'node:path';
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { forkEngine } from '../engine/engineClient.ts';
import { findActor } from '../engine/findActor.ts';
import { backupsOf } from './backupsOf.ts';
import { editorModels } from './editorModels.ts';
import type { KeyStore } from './keyStore.ts';
import type { PublishStore } from './publishing/publishStore.ts';
import { settings } from './settings.ts';
import type { OpenEngine } from './workspaceVaults.ts';

type Needs = { context: ExtensionContext; keys: KeyStore; publishing: PublishStore; log: LogOutputChannel };

/** Forks an engine for a folder's vault. Keys, prices and VS Code's models are asked of this process at each use. */
export function createOpenEngine({ context, keys, publishing, log }: Needs): OpenEngine {
  const host = {
    connection: keys.connection,
    prices: async () => settings.prices(),
    publishing: publishing.publishing,
    editorModels,
  };
  return async (folder, mode) =>
    forkEngine({
      modulePath: context.asAbsolutePath(join('dist', 'engine.js')),
      file: join(folder.uri.fsPath, '.promptvault', 'vault.db'),
      mode,
      actor: await findActor(folder.uri.fsPath),
      host,
      backups: backupsOf(context),
      log: (line: string) => log.info(line),
    });
}
