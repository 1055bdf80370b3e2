import * as vscode from 'vscode';
import { chooseVault } from '../chooseVault.ts';
import type { Deps } from '../deps.ts';
import { originOf } from '../modelKeys.ts';
import { readTargetSettings } from '../publishing/publishSettings.ts';
import { tellSync } from '../publishing/tellSync.ts';
import { registerCommands } from '../registerCommands.ts';
import { setForUser, settings } from '../settings.ts';
import { withAbort } from '../withAbort.ts';

type Needs = Pick<Deps, 'keys' | 'vaults' | 'log'>;

export function registerSyncCommands(deps: Needs): vscode.Disposable {
  return registerCommands(
    { 'promptvault.sync.run': async () => sync(deps), 'promptvault.sync.setToken': async () => setToken(deps) },
    deps.log,
  );
}

/** Pushes what production serves to the one endpoint of `promptvault.sync.url`; without it to a target that was set up. */
async function sync({ keys, vaults, log }: Needs): Promise<void> {
  const set = settings.syncUrl();
  if (!set && readTargetSettings(settings.targets()).length > 0) {
    await vscode.commands.executeCommand('promptvault.target.sync');
    return;
  }
  const url = set || (await askUrl());
  if (!url) return;
  const vault = await chooseVault({ vaults }, 'Sync Production Prompts');
  if (!vault) return;
  const engine = await vaults.engine(vault);
  const token = await keys.syncToken(originOf(url));
  const options = { location: vscode.ProgressLocation.Notification, title: 'Syncing prompts', cancellable: true };
  const report = await vscode.window.withProgress(options, async (progress, cancellation) => {
    let said = 0;
    const listening = engine.onDidSync(({ done, total, path }) => {
      const percent = total === 0 ? 100 : (done / total) * 100;
      progress.report({ message: `${done} of ${total} ${path}`, increment: percent - said });
      said = percent;
    });
    try {
      return await withAbort(cancellation, (signal) => engine.sync({ url, ...(token && { token }) }, signal));
    } finally {
      listening.dispose();
    }
  });
  await tellSync(report, {
    ...{ where: originOf(url), log },
    again: () => vscode.commands.executeCommand('promptvault.sync.run'),
    secret: () => vscode.commands.executeCommand('promptvault.sync.setToken'),
  });
}

async function askUrl(): Promise<string | undefined> {
  const url = await vscode.window.showInputBox({
    title: 'Where to send approved prompts',
    prompt: 'The address of your endpoint. {path} in it stands for the prompt; without it the path is appended.',
    placeHolder: 'https://prompts.example.com/api/{path}',
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^https?:\/\/[^\s/]+/.test(text.trim()) ? undefined : 'An address begins with http:// or https://',
  });
  if (!url) return undefined;
  await setForUser('sync.url', url.trim());
  return url.trim();
}

async function setToken({ keys }: Needs): Promise<void> {
  const url = settings.syncUrl() || (await askUrl());
  if (!url) return;
  const origin = originOf(url);
  const key = await vscode.window.showInputBox({
    title: 'Sync token',
    prompt: `Sent to ${origin} and nowhere else; kept in VS Code's secret storage. Empty removes it.`,
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return;
  await keys.setSyncToken(key.trim() ? { key: key.trim(), origin } : undefined);
  vscode.window.setStatusBarMessage('$(key) The sync token is set', 5000);
}
