import type { LabStore } from './labStore.ts';

export type RunAction =
  | ('resume' | 'retryErrors' | 'rerunFailing' | 'rescoreAdd' | 'rescoreReplace')
  | ('addFailing' | 'addMarked');

/** What the menus and links above the grid do with the run shown. */
export async function runAction(store: LabStore, action: RunAction): Promise<void> {
  const { shown, setup } = store.view;
  if (!shown) return;
  const { id: runId } = shown.run;
  const cells = [...shown.states.keys()];
  const failing = () => cells.filter((index) => shown.states[index] === 'fail' || shown.states[index] === 'error');
  const marked = () => cells.filter((index) => shown.flags[index]!.mark !== null);
  const acts: Record<RunAction, () => Promise<unknown>> = {
    resume: () => store.begin((call) => call.resume({ runId })),
    retryErrors: () => store.begin((call) => call.retryErrors({ runId })),
    rerunFailing: () => store.begin((call) => call.rerunFailing({ runId })),
    rescoreAdd: () => store.begin((call) => call.rescore({ runId, setup, replace: false })),
    rescoreReplace: () => store.begin((call) => call.rescore({ runId, setup, replace: true })),
    addFailing: () => store.attempt((call) => call.addToDataset({ runId, indexes: oncePerRow(failing()) })),
    addMarked: () => store.attempt((call) => call.addToDataset({ runId, indexes: marked() })),
  };
  await acts[action]();

  /** A row that failed in several columns is one case. */
  function oncePerRow(indexes: number[]): number[] {
    const rows = new Map(indexes.map((index) => [index % shown!.rows.length, index]));
    return [...rows.values()];
  }
}
