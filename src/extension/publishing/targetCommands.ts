import * as vscode from 'vscode';
import { registerCommands } from '../registerCommands.ts';
import { addTarget } from './addTarget.ts';
import { addWebhook } from './addWebhook.ts';
import { askTarget } from './askTarget.ts';
import { editTarget, removeTarget } from './editTarget.ts';
import { dryRun, pickDelivery, redeliver, syncNow, type TargetNeeds, testWebhook, verify } from './targetActions.ts';

/** What a person does with sync targets and webhooks. */
export function registerTargetCommands(deps: TargetNeeds): { dispose(): void } {
  const { state } = deps;
  return registerCommands(
    {
      'promptvault.target.add': async () => {
        const added = await addTarget(deps);
        if (!added) return;
        const [look, send] = ['Dry Run', 'Sync Now'] as const;
        const message = `${added.name} is set up. Nothing was sent yet.`;
        const chosen = await vscode.window.showInformationMessage(message, look, send);
        if (chosen === look) await dryRun(deps, added);
        if (chosen === send) await syncNow(deps, added);
      },
      'promptvault.target.edit': async (given) => {
        const target = await askTarget(deps, given, { title: 'Edit target or webhook' });
        if (target) await editTarget(deps, target).finally(state.refresh);
      },
      'promptvault.target.remove': async (given) => {
        const target = await askTarget(deps, given, { title: 'Remove target or webhook' });
        if (target) await removeTarget(deps, target).finally(state.refresh);
      },
      'promptvault.target.sync': async (given) => {
        const target = await askTarget(deps, given, { title: 'Sync with', kind: 'sync' });
        if (target) await syncNow(deps, target);
      },
      'promptvault.target.dryRun': async (given) => {
        const target = await askTarget(deps, given, { title: 'What would leave for', kind: 'sync' });
        if (target) await dryRun(deps, target);
      },
      'promptvault.target.verify': async (given) => {
        const target = await askTarget(deps, given, { title: 'Verify what is served by', kind: 'sync' });
        if (target) await verify(deps, target);
      },
      'promptvault.target.enable': async (given) => {
        const target = await askTarget(deps, given, { title: 'Enable' });
        if (!target) return;
        const engine = await deps.vaults.engine(target.vault);
        await engine.setTarget({ name: target.name, state: 'on' }).finally(state.refresh);
        vscode.window.setStatusBarMessage(`$(pass) ${target.name} is on`, 5000);
      },
      'promptvault.webhook.add': async () => {
        const added = await addWebhook(deps);
        if (!added) return;
        const test = 'Send a Test';
        const message = `${added.name} is set up and hears of what happens in this vault from now on.`;
        if ((await vscode.window.showInformationMessage(message, test)) === test) await testWebhook(deps, added);
      },
      'promptvault.webhook.test': async (given) => {
        const target = await askTarget(deps, given, { title: 'Send a test to', kind: 'webhook' });
        if (target) await testWebhook(deps, target);
      },
      'promptvault.webhook.redeliver': async (given) => {
        if (given?.vault) return redeliver(deps, { vault: given.vault, id: given.id });
        const target = await askTarget(deps, undefined, { title: 'Redeliver to' });
        const id = target && (await pickDelivery(deps, target));
        if (target && id) await redeliver(deps, { vault: target.vault, id });
      },
    },
    deps.log,
  );
}
