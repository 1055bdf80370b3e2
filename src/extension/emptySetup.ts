import type { LabSetup } from '../engine/panels.ts';

/** What a Lab begins with: nothing to test yet, and a model that needs no key. */
export const emptySetup: LabSetup = {
  ...{ refs: [], unsaved: [], models: ['echo:echo'], casesFile: null, dataset: null, mapping: null },
  ...{ checks: [], checkSets: [], judge: null, thresholds: {}, repeat: 1, maxCostUsd: null, baseline: null },
  ...{ suite: null, suiteChanged: false },
};
