import type { Disposable } from 'vscode';
import { allVersions } from '../../engine/wholeHistory.ts';
import type { Deps } from '../deps.ts';
import { needVersion } from '../pickVersion.ts';
import { newestFirst } from '../promptNodes.ts';
import { registerCommands } from '../registerCommands.ts';

export function registerLabCommands(deps: Deps): Disposable {
  const { labs, vaults, editors, log } = deps;
  return registerCommands(
    {
      'promptvault.lab.open': async (target, selected) => {
        const about = target ?? editors.active();
        if (about && !(await editors.settle(about))) return;
        const several = selected?.filter(({ version }) => version) ?? [];
        const vault = vaults.find(about?.vault)?.key;
        if (several.length > 1 && vault) {
          labs.open({ vault, refs: several.map(({ path, version }) => `${path}@${version}`) });
          return;
        }
        if (about && !about.version && vault) {
          const versions = await allVersions(await vaults.engine(vault), about.path);
          const [newest] = newestFirst(versions);
          if (newest) labs.open({ vault, refs: [`${about.path}@${newest.version}`] });
          return;
        }
        const chosen = await needVersion(deps, about, { title: 'Test', action: 'test' });
        if (chosen) labs.open({ vault: chosen.vault, refs: [`${chosen.info.path}@${chosen.info.version}`] });
      },
      'promptvault.run.open': async (target) => {
        const vault = vaults.find(target?.vault)?.key;
        if (target && vault) labs.open({ vault, runId: target.id });
      },
    },
    log,
  );
}
