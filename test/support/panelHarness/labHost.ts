import type { LabCases, LabContract, LabDataset, LabSetup } from '../../../src/engine/panels.ts';
import { emptySetup } from '../../../src/extension/emptySetup.ts';
import { packRows, packRun } from '../../../src/extension/labCells.ts';
import { createLabNews } from '../../../src/extension/labNews.ts';

import type { Case, CaseSet } from '../../../src/lab/types.ts';
import { serveInPage } from './inPageHost.ts';
import { createSampleRun, type SampleRun } from './sampleRun.ts';
import { infoOf, models, records } from './sampleVersions.ts';

// Put in by the bundler.
declare const bankingCases: string;

const query = new URLSearchParams(location.search);
const rows = Number(query.get('rows') ?? 20);
const state = query.get('state');
const lines = bankingCases.trim().split(/\r?\n/).slice(1);

const caseSet: CaseSet = {
  file: 'cases/banking-cases.csv',
  columns: ['message', '__expected'],
  cases: Array.from({ length: rows }, (_, at): Case => {
    const line = lines[at % lines.length] ?? '';
    const cut = line.lastIndexOf(',');
    const [message, value] = [line.slice(0, cut).replaceAll('"', ''), line.slice(cut + 1)];
    return { id: String(at + 1), name: message, variables: { message }, checks: [{ type: 'equals', value }] };
  }),
};
const empty: LabSetup = { ...emptySetup, models: [] };
const full: LabSetup = {
  ...emptySetup,
  refs: ['support/triage@2.3', 'support/triage@2.2'],
  models: ['openai:gpt-5-mini', 'anthropic:claude-sonnet-4-5', 'google:gemini-2.5-flash'],
  casesFile: 'cases/banking-cases.csv',
  repeat: 1,
  maxCostUsd: 1,
  baseline: 'support/triage@2.2',
};
const cases: LabCases = { columns: caseSet.columns, count: rows, mapping: null, metrics: ['accuracy'] };
const comparison = {
  ...{ a: 'v2.2', b: 'v2.3', both: 14, onlyA: 1, onlyB: 4, neither: 1, pairs: 20, leftOut: 0, pValue: 0.375 },
  ...{ better: null, moreCases: 40, score: null, costUsd: null, latencyMs: null },
  verdict: 'No difference shown (p = 0.38, 20 cases); about 40 more cases would tell.',
};
const runs: SampleRun[] = [];
const setups = new Map<string, LabSetup>();
const news = createLabNews((one) => window.harness.send('news', one));
const datasets = new Map<string, LabDataset>([
  ['banking', { name: 'banking', revision: 2, columns: ['message'], rows: caseSet.cases.slice(0, 5) }],
]);
const nameOf = (choice: LabSetup['models'][number]) =>
  typeof choice === 'string' ? choice : (choice.label ?? choice.model);
const makeRun = (setup: LabSetup) => {
  const id = `run-${runs.length + 1}`;
  setups.set(id, setup);
  const models = setup.models.map(nameOf);
  return createSampleRun({ id, setup: { ...setup, models }, cases: caseSet.cases, tell: news.take });
};
const begin = (setup: LabSetup) => {
  const run = makeRun(setup);
  runs.push(run);
  run.start();
  return run.result().run;
};
if (state === 'done' || state === 'cell' || state === 'stored') {
  const refs = state === 'stored' ? full.refs.slice(0, 1) : full.refs;
  const thresholds = { passRate: 0.9, metrics: { accuracy: 0.8, tone: 0.7 } };
  runs.push(makeRun({ ...full, refs, ...(state === 'stored' && { thresholds }) }));
  runs[0]?.finishAtOnce();
}
const find = (id: string) => runs.find((run) => run.result().run.id === id)!;

serveInPage<LabContract>({
  load: async ({ restore, runId, from }) => ({
    setup: from ? setups.get(from)! : { ...(state === 'empty' ? empty : full), ...restore },
    versions: records.map(infoOf),
    drafts: ['support/triage@2.3'],
    models,
    caseFiles: ['cases/banking-cases.csv', 'cases/greetings.csv'],
    datasets: [...datasets.keys()],
    suites: ['nightly'],
    checkSets: ['polite'],
    metricsOfSets: { polite: ['tone'] },
    checkKinds: [
      {
        type: 'icontains',
        about: 'the output holds the text',
        value: 'a text',
        example: 'icontains:refund',
        by: 'rule',
      },
    ],
    cases: state === 'empty' ? null : cases,
    runs: runs.map((run) => run.result().run).reverse(),
    result:
      (from ?? runId)
        ? packRun(find((from ?? runId)!).result())
        : runs.length > 0
          ? packRun(runs.at(-1)!.result())
          : null,
    readOnlyReason: state === 'readonly' ? 'This vault can only be read' : null,
  }),
  pickVersions: async () => ['support/refunds@1.4'],
  pickCases: async () => 'cases/greetings.csv',
  readCases: async () => cases,
  saveMapping: async () => undefined,
  openSuite: async ({ name, setup }) => ({ ...setup, suite: name, suiteChanged: false }),
  saveSuite: async () => 'nightly',
  deleteSuite: async () => true,
  checksOf: async ({ lines }) =>
    lines.map((line) => ({ type: 'icontains' as const, value: line.replace(/^icontains:/, '') })),
  saveCheckSet: async () => 'polite',
  async estimate({ refs, models: choices, repeat, casesFile }) {
    const names = choices.map(nameOf);
    const calls = refs.length * names.length * (casesFile ? rows : 1) * repeat;
    const unready = names.filter((name) => models.some((model) => model.name === name && !model.ready));
    const problems = state === 'problem' ? unready.map((name) => `${name} has no key: set it first`) : [];
    const tokens = { inputTokens: calls * 220, outputTokens: calls * 12 };
    const known = {
      cached: 0,
      costUsd: calls * 0.00075,
      judgeUsd: 0,
      seconds: calls / 10,
      basedOn: 'history' as const,
    };
    return { calls, ...tokens, ...known, unknownPrices: [], problems };
  },
  start: async (setup) => begin(setup),
  cancel: async ({ runId }) => find(runId).cancel(),
  resume: async ({ runId }) => begin(setups.get(runId)!),
  retryErrors: async ({ runId }) => find(runId).result().run,
  rerunFailing: async ({ runId }) => begin(setups.get(runId)!),
  rerunCell: async ({ runId }) => find(runId).result().run,
  rescore: async ({ runId }) => find(runId).result().run,
  bisect: async () => ({
    steps: [
      { version: '2.1', status: 'pass', source: 'stored' },
      { version: '2.2', status: 'fail', source: 'stored' },
    ],
    culprit: '2.2',
    unknown: [],
  }),
  mark: async ({ runId, index, mark, note }) =>
    find(runId).mark(index, { mark, note, actor: 'Priya', at: new Date().toISOString() }),
  clearMark: async ({ runId, index }) => find(runId).mark(index, null),
  compare: async () => comparison,
  async compareBaseline({ runId, columns }) {
    const stored = !find(runId).setup.refs.includes('support/triage@2.2');
    const [a, missing] = stored ? ['v2.2 (stored)', 3] : ['v2.2', 0];
    return columns.map((column) => ({ ...comparison, a, column, stored, missing, leftOut: missing }));
  },
  showRun: async ({ runId }) => packRun(find(runId).result()),
  rows: async ({ runId, places }) => packRows(find(runId).result(), places),
  async showCell({ runId, index }) {
    const { cells, caseNames } = find(runId).result();
    const cell = cells[index]!;
    const { messages } = records[1]!;
    return {
      ...cell,
      runId,
      index,
      caseName: caseNames[cell.case] ?? '',
      testCase: { id: '1', name: 'Case', variables: {}, checks: [] },
      request: { messages, settings: { temperature: 0.2, maxTokens: 512 } },
      finishReason: 'stop',
      attempts: 1,
      timeline: [
        { what: 'queued', at: 0 },
        { what: 'sent', at: 2 },
        { what: 'firstToken', at: 242 },
        { what: 'done', at: 702 },
      ],
    };
  },
  listRuns: async () => runs.map((run) => run.result().run).reverse(),
  openVersion: async () => undefined,
  addKey: async () => undefined,
  exportRun: async () => undefined,
  showDataset: async ({ name }) => datasets.get(name)!,
  datasetRevisions: async ({ name }) => [
    {
      revision: datasets.get(name)!.revision,
      hash: 'sha256:1',
      cases: 5,
      at: new Date().toISOString(),
      actor: 'Priya',
    },
  ],
  async saveDataset(given) {
    const saved = { ...given, name: given.name || 'new', revision: given.revision + 1 };
    datasets.set(saved.name, saved);
    return saved;
  },
  importDataset: async () => null,
  exportDataset: async () => undefined,
  generateCases: async ({ count }) => caseSet.cases.slice(0, count),
  casesFromRun: async () => [],
  addToDataset: async () => 'banking',
});
