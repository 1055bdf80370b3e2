import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { findActor } from '../../engine/findActor.ts';
import { setUpGitDiff } from '../../engine/gitDiff.ts';
import { maintain } from '../../engine/maintain.ts';
import type { Maintenance } from '../../engine/maintenance.ts';
import { VaultError } from '../../shared/errors.ts';
import type { BackupInfo } from '../../vault/careTypes.ts';
import { backupsOf } from '../backupsOf.ts';
import type { Deps } from '../deps.ts';
import { diagnosisText } from '../diagnosisText.ts';
import type { FolderVault } from '../folderVault.ts';
import { formatAgo } from '../formatTime.ts';
import { registerCommands } from '../registerCommands.ts';

type Needs = Pick<Deps, 'context' | 'vaults' | 'log'>;

/** What is done to a vault's file as a whole. A process of its own does it: this one never opens the file. */
export function registerCareCommands({ context, vaults, log }: Needs): vscode.Disposable {
  const root = backupsOf(context);
  const care = <Name extends keyof Maintenance>(title: string, name: Name, params: Parameters<Maintenance[Name]>[0]) =>
    vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
      maintain(context.asAbsolutePath(join('dist', 'engine.js')), name, params),
    );
  /** The vault of the selection or the active editor; the folder's place also when the file is gone. */
  function vault(): FolderVault {
    const found = vaults.find();
    if (!found) throw new VaultError('NOT_FOUND', 'Open a trusted folder first: a vault lies in a folder');
    return found;
  }

  return registerCommands(
    {
      'promptvault.vault.backup': async () => {
        const { file } = vault();
        const made = await care('Making a backup', 'backup', { file, root });
        void offerToShow(made.file);
      },
      'promptvault.vault.restore': async () => {
        const { file, folder } = vault();
        const from = await pickBackup(await care('Looking for backups', 'backups', { file, root }));
        if (!from || !(await confirmed(from))) return;
        const actor = await findActor(folder.uri.fsPath);
        const { kept, prompts } = await care('Restoring the vault', 'restore', { file, from, actor, root });
        await vaults.refresh();
        const before = kept ? ` What was there before is kept as ${kept}.` : '';
        void vscode.window.showInformationMessage(`Restored a vault with ${prompts} prompts.${before}`);
      },
      'promptvault.vault.verify': async () => {
        const engine = await vaults.engine(vault().key);
        const title = 'Checking every text and every entry of the history';
        const options = { location: vscode.ProgressLocation.Notification, title };
        const report = await vscode.window.withProgress(options, () => engine.verify());
        if (report.ok) {
          const message = `Everything is as it was written: ${report.prompts} prompts, ${report.versions} versions, ${report.events} events.`;
          void vscode.window.showInformationMessage(message);
          return;
        }
        const [{ what, path, version, detail } = { what: '', path: null, version: null, detail: '' }] = report.problems;
        const where = path ? `${path} v${version}: ` : '';
        const message = `The vault is damaged in ${report.problems.length} places, such as ${where}${what}. ${detail}`;
        throw new VaultError('DAMAGED', message, { file: vault().file });
      },
      'promptvault.vault.doctor': async () => {
        const found = await care('Examining the vault', 'doctor', { file: vault().file, root });
        const document = await vscode.workspace.openTextDocument({
          content: diagnosisText(found),
          language: 'markdown',
        });
        await vscode.window.showTextDocument(document, { preview: true });
      },
      'promptvault.vault.setUpGit': async () => {
        const { folder } = vault();
        const cli = context.asAbsolutePath(join('dist', 'cli.js'));
        // In VS Code's desktop the executable is Electron, which this turns into a plain Node.
        const program = ['env', 'ELECTRON_RUN_AS_NODE=1', process.execPath, cli, 'text'];
        await setUpGitDiff(folder.uri.fsPath, program);
        const message = 'git diff and git log -p show the prompts of this vault as text from now on, in this clone.';
        void vscode.window.showInformationMessage(message);
      },
    },
    log,
  );
}

async function offerToShow(file: string): Promise<void> {
  const show = 'Show in Folder';
  const chosen = await vscode.window.showInformationMessage(`Made and checked a backup: ${file}`, show);
  if (chosen === show) await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(file));
}

async function pickBackup(backups: readonly BackupInfo[]): Promise<string | undefined> {
  const other = 'Choose a file…';
  const items = backups.map(({ file, at, reason, bytes }) => ({
    label: formatAgo(at, new Date()),
    description: `${reason}, ${Math.ceil(bytes / 1024)} KB`,
    detail: file,
  }));
  const placeHolder = items.length > 0 ? 'The backup to go back to' : 'No backup of this vault was found here';
  const chosen = await vscode.window.showQuickPick([...items, { label: other, description: '', detail: '' }], {
    title: 'Restore a backup',
    placeHolder,
  });
  if (!chosen) return undefined;
  if (chosen.label !== other) return chosen.detail;
  const [uri] =
    (await vscode.window.showOpenDialog({ title: 'A backup of a vault', filters: { Vaults: ['db'] } })) ?? [];
  return uri?.fsPath;
}

async function confirmed(from: string): Promise<boolean> {
  const go = 'Restore';
  const detail = `${from.replace(homedir(), '~')}\n\nThe backup is checked first, and what is there now is kept as a backup.`;
  const message = `Replace this vault with ${basename(from)}?`;
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, go)) === go;
}
