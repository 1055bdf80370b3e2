import * as vscode from 'vscode';
import type { Deps } from './deps.ts';
import { vaultName } from './vaultName.ts';

/** The vault of a command that names none: the only one, else what the person picks, the one last worked with first. */
export async function chooseVault({ vaults }: Pick<Deps, 'vaults'>, title: string): Promise<string | undefined> {
  const likely = vaults.find();
  const present = vaults.present();
  if (present.length < 2) {
    // Without a vault this tells the next step.
    await vaults.engine(likely?.key);
    return likely?.key;
  }
  const items = present
    .toSorted((a, b) => Number(b === likely) - Number(a === likely))
    .map(({ key, folder }) => ({ label: vaultName(vaults, key) ?? folder.name, description: folder.uri.fsPath, key }));
  return (await vscode.window.showQuickPick(items, { title: `${title}: in which vault?` }))?.key;
}
