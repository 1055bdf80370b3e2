import type { LabContract, LabSetup } from '../../../src/engine/panels.ts';
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
const empty: LabSetup = { refs: [], models: [], casesFile: null, repeat: 1, maxCostUsd: null, baseline: null };
const full: LabSetup = {
  refs: ['support/triage@2.3', 'support/triage@2.2'],
  models: ['openai:gpt-5-mini', 'anthropic:claude-sonnet-4-5', 'google:gemini-2.5-flash'],
  casesFile: 'cases/banking-cases.csv',
  repeat: 1,
  maxCostUsd: 1,
  baseline: 'support/triage@2.2',
};
const runs: SampleRun[] = [];
const makeRun = (setup: LabSetup) =>
  createSampleRun({
    id: `run-${runs.length + 1}`,
    setup,
    cases: caseSet.cases,
    tell: (progress) => window.harness.send('progress', progress),
  });
if (state === 'done' || state === 'cell') {
  runs.push(makeRun(full));
  runs[0]?.finishAtOnce();
}
const find = (id: string) => runs.find((run) => run.result().run.id === id)!;

serveInPage<LabContract>({
  load: async ({ restore, runId, from }) => ({
    setup: from ? find(from).setup : (restore ?? (state === 'empty' ? empty : full)),
    versions: records.map(infoOf),
    models,
    caseFiles: ['cases/banking-cases.csv', 'cases/greetings.csv'],
    cases: state === 'empty' ? null : caseSet,
    runs: runs.map((run) => run.result().run).reverse(),
    result: (from ?? runId) ? find((from ?? runId)!).result() : (runs.at(-1)?.result() ?? null),
  }),
  pickVersions: async () => ['support/refunds@1.4'],
  pickCases: async () => 'cases/greetings.csv',
  readCases: async () => caseSet,
  async estimate({ refs, models: names, repeat, casesFile }) {
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
  async start(setup) {
    const run = makeRun(setup);
    runs.push(run);
    run.start();
    return run.result().run;
  },
  cancel: async ({ runId }) => find(runId).cancel(),
  showRun: async ({ runId }) => find(runId).result(),
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
});
