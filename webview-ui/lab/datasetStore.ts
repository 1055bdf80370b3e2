import type { LabContract, LabDataset } from '../../src/engine/panels.ts';
import type { DatasetRevision } from '../../src/lab/dataTypes.ts';
import { type Failure, failureOf } from '../shared/errorText.ts';
import type { PanelClient } from '../shared/panelClient.ts';
import { type DatasetDraft, draftOf, isChanged, savedOf } from './datasetDraft.ts';

export type DatasetView = {
  draft: DatasetDraft;
  stored: LabDataset | null;
  revisions: DatasetRevision[];
  failure: Failure | null;
  busy: 'saving' | 'generating' | null;
};

const blank = (columns: string[]): DatasetDraft => ({ name: '', revision: 0, columns, rows: [] });

/** One dataset under edit. Nothing of it is in the vault until it is saved. */
export function createDatasetStore(client: PanelClient<LabContract>, onChange: () => void) {
  let view: DatasetView | null = null;
  const update = (change: Partial<DatasetView>) => {
    if (view) view = { ...view, ...change };
    onChange();
  };
  const attempt = async (busy: DatasetView['busy'], work: () => Promise<unknown>) => {
    update({ failure: null, busy });
    try {
      await work();
    } catch (error) {
      update({ failure: failureOf(error) });
    } finally {
      update({ busy: null });
    }
  };
  const take = async (stored: LabDataset) => {
    const revisions = await client.call.datasetRevisions({ name: stored.name });
    update({ stored, draft: draftOf(stored), revisions });
  };

  return {
    get view() {
      return view;
    },
    changed: () => view !== null && isChanged(view.draft, view.stored),
    /** An empty name begins a new dataset with a column for each variable. */
    async open(name: string, columns: string[]) {
      view = { draft: blank(columns), stored: null, revisions: [], failure: null, busy: null };
      onChange();
      if (name) await attempt(null, async () => take(await client.call.showDataset({ name })));
    },
    close() {
      view = null;
      onChange();
    },
    edit: (draft: DatasetDraft) => update({ draft }),
    dismiss: () => update({ failure: null }),
    /** With `over`, what somebody else saved meanwhile becomes a revision before this one. */
    save: (over?: 'over') =>
      attempt('saving', async () => {
        if (!view) return;
        const wanted = savedOf(view.draft);
        const base = over ? (await client.call.showDataset({ name: wanted.name })).revision : wanted.revision;
        const stored = await client.call.saveDataset({ ...wanted, revision: base });
        if (stored) await take(stored);
      }),
    reload: () => attempt(null, async () => view && take(await client.call.showDataset({ name: view.draft.name }))),
    /** An earlier state becomes what is edited; saving it makes it the newest. */
    restore: (revision: number) =>
      attempt(null, async () => {
        if (!view) return;
        const { rows, columns } = await client.call.showDataset({ name: view.draft.name, revision });
        update({
          draft: { ...view.draft, ...draftOf({ ...view.draft, columns, rows }), revision: view.draft.revision },
        });
      }),
    generate: (p: { ref: string; model: string; count: number }) =>
      attempt('generating', async () => {
        if (!view) return;
        const like = savedOf(view.draft).rows.slice(0, 10);
        const proposals = await client.call.generateCases({ ...p, like });
        const columns = [
          ...new Set([...view.draft.columns, ...proposals.flatMap((row) => Object.keys(row.variables))]),
        ];
        const rows = proposals.map((row) => ({ ...row, proposed: true as const }));
        update({ draft: { ...view.draft, columns, rows: [...view.draft.rows, ...rows] } });
      }),
  };
}
export type DatasetStore = ReturnType<typeof createDatasetStore>;
