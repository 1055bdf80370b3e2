import * as vscode from 'vscode';
import { compareRevision } from '../compareVersions.ts';
import { deleteSelected } from '../deleteSelected.ts';
import type { Deps } from '../deps.ts';
import { needVersion } from '../pickVersion.ts';
import { promote } from '../promote.ts';
import { registerCommands } from '../registerCommands.ts';
import { rollback } from '../rollback.ts';
import { refOf } from '../targets.ts';
import { compare, compareWithPrd, createVersion, deleteVersion } from '../versionActions.ts';

export function registerVersionCommands(deps: Deps): vscode.Disposable {
  const { vaults, editors, selection, log } = deps;
  return registerCommands(
    {
      'promptvault.version.open': async (target) => {
        const chosen = await needVersion(deps, target, { title: 'Open a version' });
        if (chosen)
          editors.open({ vault: chosen.vault, path: chosen.info.path, version: chosen.info.version, preview: true });
      },
      'promptvault.version.save': async () => editors.saveActive(),
      'promptvault.version.create': async (target) => {
        const about = target ?? editors.active();
        if (!about || (await editors.settle(about))) await createVersion(deps, about);
      },
      'promptvault.version.promote': async (target) => {
        const about = target ?? editors.active();
        if (about && !(await editors.settle(about))) return;
        await promote(deps, about);
      },
      'promptvault.version.delete': async (target, selected) => {
        const rows = selected ?? (target ? [] : selection.rows());
        if (rows.length > 1) await deleteSelected(deps, rows);
        else await deleteVersion(deps, target ?? editors.active() ?? rows[0]);
      },
      'promptvault.version.compare': async (target, selected) => compare(deps, target ?? editors.active(), selected),
      'promptvault.version.compareWithPrd': async (target) => compareWithPrd(deps, target ?? editors.active()),
      'promptvault.version.rollback': async (target) => rollback(deps, target),
      'promptvault.revision.compare': async (target) => {
        const chosen = target && (await needVersion(deps, target, { title: 'Compare' }));
        if (chosen) await compareRevision(deps, chosen, target.revision);
      },
      'promptvault.revision.restore': async (target) => {
        const chosen = target && (await needVersion(deps, target, { title: 'Restore', action: 'edit' }));
        if (!chosen) return;
        const ref = refOf(target);
        const expectRevision = chosen.info.revision;
        await (await vaults.engine(chosen.vault)).restoreRevision({ ref, revision: target.revision, expectRevision });
        vscode.window.setStatusBarMessage(`$(history) ${ref}: revision ${target.revision} is stored again`, 5000);
      },
    },
    log,
  );
}
