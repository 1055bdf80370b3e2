import * as vscode from 'vscode';
import type { Delivery } from '../../publish/types.ts';
import type { Deps } from '../deps.ts';
import { withAbort } from '../withAbort.ts';
import type { ChosenTarget } from './askTarget.ts';
import type { PublishingState } from './publishingState.ts';
import { deliveryFacts, deliveryLabel } from './publishingText.ts';
import type { PublishStore } from './publishStore.ts';
import type { Reports } from './reports.ts';
import { dryRunText, pullIsSame, pullText } from './reportTexts.ts';
import { tellSync } from './tellSync.ts';

export type TargetNeeds = Pick<Deps, 'vaults' | 'log'> & {
  publishing: PublishStore;
  state: PublishingState;
  reports: Reports;
};

/** Can be cancelled; the row of the target turns meanwhile. */
function work<T>(
  { state }: TargetNeeds,
  target: ChosenTarget,
  { title, run }: { title: string; run: (signal: AbortSignal) => Promise<T> },
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return state.whileBusy(target, async () =>
    vscode.window.withProgress(options, async (_progress, token) => withAbort(token, run)),
  );
}

export async function syncNow(deps: TargetNeeds, target: ChosenTarget): Promise<void> {
  const engine = await deps.vaults.engine(target.vault);
  const run = (signal: AbortSignal) => engine.syncTarget({ name: target.name }, signal);
  const report = await work(deps, target, { title: `Syncing with ${target.name}`, run });
  await tellSync(report, {
    ...{ where: target.name, log: deps.log },
    again: () => syncNow(deps, target),
    secret: () => vscode.commands.executeCommand('promptvault.target.edit', target),
  });
}

/** Opens a document that says what would leave; nothing does. */
export async function dryRun(deps: TargetNeeds, target: ChosenTarget): Promise<void> {
  const engine = await deps.vaults.engine(target.vault);
  const run = (signal: AbortSignal) => engine.syncTarget({ name: target.name, dryRun: true }, signal);
  const report = await work(deps, target, { title: `Looking what would leave for ${target.name}`, run });
  await deps.reports.show(`What would leave for ${target.name}`, dryRunText(target.name, report));
}

/** Reads back what the target really serves. */
export async function verify(deps: TargetNeeds, target: ChosenTarget): Promise<void> {
  const engine = await deps.vaults.engine(target.vault);
  const run = (signal: AbortSignal) => engine.pullTarget({ name: target.name }, signal);
  const report = await work(deps, target, { title: `Reading what ${target.name} serves`, run });
  if (pullIsSame(report)) {
    const message = `${target.name} serves what production is: ${report.same} ${report.same === 1 ? 'prompt' : 'prompts'}.`;
    void vscode.window.showInformationMessage(message);
    return;
  }
  await deps.reports.show(`What ${target.name} serves`, pullText(report));
  const now = 'Sync Now';
  const chosen = await vscode.window.showWarningMessage(`${target.name} does not serve what production is.`, now);
  if (chosen === now) await syncNow(deps, target);
}

export async function testWebhook(deps: TargetNeeds, target: ChosenTarget): Promise<void> {
  const engine = await deps.vaults.engine(target.vault);
  const run = (signal: AbortSignal) => engine.testWebhook({ name: target.name }, signal);
  tellDelivery(await work(deps, target, { title: `Sending a test to ${target.name}`, run }));
}

/** One more attempt, with the same key, so that who heard it already can tell. */
export async function redeliver(deps: TargetNeeds, { vault, id }: { vault: string; id: number }): Promise<void> {
  const engine = await deps.vaults.engine(vault);
  const run = (signal: AbortSignal) => engine.redeliver({ id }, signal);
  tellDelivery(await work(deps, { vault, name: `delivery ${id}` }, { title: 'Delivering again', run }));
}

export async function pickDelivery(
  { vaults }: TargetNeeds,
  { vault, name }: ChosenTarget,
): Promise<number | undefined> {
  const all = await (await vaults.engine(vault)).deliveries({ target: name });
  const items = all.map((one) => ({
    label: deliveryLabel(one),
    description: deliveryFacts(one, new Date()),
    id: one.id,
  }));
  const placeHolder = items.length > 0 ? 'The delivery to repeat' : 'Nothing was delivered yet';
  return (await vscode.window.showQuickPick(items, { title: `Redeliver to ${name}`, placeHolder }))?.id;
}

function tellDelivery(delivery: Delivery): void {
  const { target, state, error, attempts } = delivery;
  const status = attempts.at(-1)?.status;
  const answer = status ? ` (HTTP ${status})` : '';
  if (state === 'delivered') void vscode.window.showInformationMessage(`${target} took it${answer}.`);
  else void vscode.window.showWarningMessage(`${target} did not take it${answer}: ${error ?? 'it waits for its turn'}`);
}
