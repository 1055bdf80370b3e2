import * as vscode from 'vscode';
import type { Deps } from '../deps.ts';
import { createBlameView } from '../history/blame.ts';
import { compareChain, compareDraftsWithPrd } from '../history/compareMany.ts';
import { createCompareSelected } from '../history/compareSelected.ts';
import { rehearseRollback } from '../history/rehearseRollback.ts';
import { registerCommands } from '../registerCommands.ts';

export function registerHistoryCommands(deps: Deps): vscode.Disposable {
  const { editors, log } = deps;
  const blame = createBlameView(deps);
  const selected = createCompareSelected(deps);
  const commands = registerCommands(
    {
      'promptvault.version.selectForCompare': async (target) => selected.select(target ?? editors.active()),
      'promptvault.version.compareWithSelected': async (target) => selected.compare(target ?? editors.active()),
      'promptvault.prompt.compareDrafts': async (target, all) => compareDraftsWithPrd(deps, target, all),
      'promptvault.prompt.compareVersions': async (target) => compareChain(deps, target ?? editors.active()),
      'promptvault.version.showBlame': async (target) => blame.show(target),
      'promptvault.version.hideBlame': async () => blame.hide(),
      'promptvault.version.rehearseRollback': async (target) => rehearseRollback(deps, target),
    },
    log,
  );
  return vscode.Disposable.from(blame, commands);
}
