import * as vscode from 'vscode';
import type { PublishingState } from './publishingState.ts';
import { needsAttention } from './publishingText.ts';

type Needs = {
  view: Pick<vscode.TreeView<unknown>, 'badge'>;
  state: PublishingState;
  /** Remembers over a reload of the window what a person was told. */
  memory: vscode.Memento;
};
/** By vault, what needs somebody and was told. */
type Told = { [vault: string]: string[] };
const memoryKey = 'promptvault.publishing.told';

/** A number on the view for what needs somebody, and one notification each time that something newly does. */
export function followAttention({ view, state, memory }: Needs): { dispose(): void } {
  function look(): void {
    const known = state.known();
    const needy = known.flatMap(({ vault, targets }) =>
      targets
        .filter(needsAttention)
        .map((status) => ({ vault, key: `${vault} ${status.name} ${status.state}`, status })),
    );
    const count = needy.length;
    const tooltip = `${count} ${count === 1 ? 'target needs' : 'targets need'} attention`;
    view.badge = count > 0 ? { value: count, tooltip } : undefined;

    const before = memory.get<Told>(memoryKey, {});
    const now: Told = { ...before };
    // What a vault that could not be read said before still stands.
    for (const { vault } of known) now[vault] = needy.filter((one) => one.vault === vault).map(({ key }) => key);
    if (JSON.stringify(now) !== JSON.stringify(before)) void memory.update(memoryKey, now);
    for (const { vault, key, status } of needy) if (!before[vault]?.includes(key)) void tell(status);
  }
  return state.onDidChange(look);
}

async function tell({ name, kind, state, problem, failed, lastError }: TargetWords): Promise<void> {
  const what = kind === 'sync' ? 'sync target' : 'webhook';
  const failures = `${failed} ${failed === 1 ? 'delivery' : 'deliveries'} to the ${what} ${name} failed`;
  const off = state === 'off' ? `, and it was switched off` : '';
  const message = problem ? `The ${what} ${name} cannot be used: ${problem}` : `${failures}${off}. ${lastError ?? ''}`;
  const show = 'Show';
  const chosen = await vscode.window.showWarningMessage(message.trim(), show);
  if (chosen === show) await vscode.commands.executeCommand('promptvault.publishing.show');
}

type TargetWords = ReturnType<PublishingState['known']>[number]['targets'][number];
