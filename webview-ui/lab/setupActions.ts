import type { ColumnMapping } from '../../src/engine/panels.ts';
import type { DatasetStore } from './datasetStore.ts';
import type { LabStore } from './labStore.ts';

/** What the setup asks of the host: pickers, suites, keys, test data. */
export function setupActions(store: LabStore, dataset: DatasetStore) {
  const { attempt, change, reload } = store;
  return {
    /** Variables of the chosen versions, each once. */
    variables(): string[] {
      const { setup, state } = store.view;
      const chosen = state?.versions.filter(({ path, version }) => setup.refs.includes(`${path}@${version}`)) ?? [];
      return [...new Set(chosen.flatMap(({ variables }) => variables.map(({ name }) => name)))];
    },
    map(mapping: ColumnMapping) {
      const { setup } = store.view;
      change({ mapping });
      void attempt((call) => call.saveMapping({ setup, mapping }));
    },
    pickVersions: () =>
      attempt(async (call) => {
        const picked = await call.pickVersions({});
        if (!picked) return;
        change({ refs: [...new Set([...store.view.setup.refs, ...picked])] });
        await reload();
      }),
    pickCases: () =>
      attempt(async (call) => {
        const casesFile = await call.pickCases({});
        if (casesFile !== null) change({ casesFile, dataset: null });
      }),
    importDataset: () =>
      attempt(async (call) => {
        const name = await call.importDataset({});
        if (name === null) return;
        await reload();
        change({ dataset: name, casesFile: null });
      }),
    openSuite: (name: string) =>
      attempt(async (call) => store.adopt(await call.openSuite({ name, setup: store.view.setup }))),
    saveSuite: () =>
      attempt(async (call) => {
        const suite = await call.saveSuite({ setup: store.view.setup });
        if (suite === null) return;
        change({ suite, suiteChanged: false });
        await reload();
      }),
    deleteSuite: (name: string) =>
      attempt(async (call) => {
        if (!(await call.deleteSuite({ name }))) return;
        change({ suite: null, suiteChanged: false });
        await reload();
      }),
    saveCheckSet: () =>
      attempt(async (call) => {
        const { checks, checkSets } = store.view.setup;
        const name = await call.saveCheckSet({ checks });
        // They are in the set now, and once is enough.
        if (name !== null) change({ checks: [], checkSets: [...new Set([...checkSets, name])] });
        await reload();
      }),
    addKey: (vendor: string) =>
      attempt(async (call) => {
        await call.addKey({ vendor });
        await reload();
      }),
    /** What was edited is what is tested next. */
    closeDataset() {
      const name = dataset.view?.stored?.name;
      dataset.close();
      if (!name) return;
      void reload().then(() => change({ dataset: name, casesFile: null }));
    },
  };
}
