import { resolve } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import type { RunInfo } from '../../lab/types.ts';
import { VaultError } from '../../shared/errors.ts';
import { followRun, type ReportOptions, reportOptions, withVerdicts } from '../followRun.ts';
import { runText } from '../runText.ts';
import { counted, table } from '../table.ts';
import type { Answer, Call, Verb } from '../verb.ts';
import { shortTime } from '../versionText.ts';

const group = 'Testing:';

const runs: Verb<{ limit?: number }> = {
  usage: 'runs [path]',
  group,
  summary: 'list test runs, newest first',
  options: [{ flags: '--limit <n>', kind: 'count', about: 'at most so many (default: 20)' }],
  examples: ['promptvault runs', 'promptvault runs support/triage'],
  async run({ args: [path], options: { limit = 20 }, engine }) {
    const found = await (await engine('read')).listRuns({ path, limit });
    const rows = found.map((one) => [
      ...[one.id, shortTime(one.startedAt), one.status, one.versions.join(' '), one.models.length],
      ...[one.cases, `${one.passed}/${one.cells}`, one.errors],
    ]);
    const heading = ['run', 'started', 'status', 'versions', 'models', 'cases', 'passed', 'errors'];
    return { json: { runs: found }, text: table(heading, rows) };
  },
};

type RunOptions = ReportOptions & {
  maxCost?: number;
  checks?: string;
  replace?: boolean;
  judge?: string;
  cell?: number;
  mark?: string;
  note?: string;
  columns?: string;
  path?: string;
  call?: boolean;
};
type Given = Call<RunOptions> & { vault: Engine; id: string };
type Action = (given: Given) => Promise<Answer>;

const follow =
  (start: (given: Given) => Promise<RunInfo>): Action =>
  (given) =>
    followRun(given.vault, {
      io: given.io,
      options: given.options,
      signal: given.signal,
      say: given.say,
      start: () => start(given),
    });

const actions: { [action: string]: Action } = {
  async show({ vault, id }) {
    const result = await withVerdicts(vault, await vault.showRun({ runId: id }));
    return { json: result, text: runText(result) };
  },
  resume: follow(({ vault, id, options }) => vault.resumeRun({ runId: id, maxCostUsd: options.maxCost })),
  'retry-errors': follow(({ vault, id, options }) => vault.retryErrors({ runId: id, maxCostUsd: options.maxCost })),
  'rerun-failing': follow(({ vault, id }) => vault.rerunFailing({ runId: id })),
  'rerun-cell': follow(({ vault, id, options }) => vault.rerunCell({ runId: id, index: cellOf(options) })),
  rescore: follow(async ({ vault, id, options: { checks, replace, judge }, io }) => {
    const read = checks === undefined ? undefined : await vault.readChecks({ file: resolve(io.cwd, checks) });
    return vault.rescore({ runId: id, checks: read, replace, ...(judge ? { judge: { model: judge } } : {}) });
  }),
  async bisect({ vault, id, options }) {
    const index = cellOf(options);
    const { path } = await vault.showCell({ runId: id, index });
    const found = await vault.bisect({ path, runId: id, index, allowCalls: options.call });
    const rows = found.steps.map(({ version, status, source }) => [`v${version}`, status, source]);
    const open =
      found.unknown.length > 0
        ? `Not known: ${found.unknown.map((one) => `v${one}`).join(', ')}; --call asks the model`
        : 'It never passed';
    const verdict = found.culprit ? `v${found.culprit} broke it` : open;
    return { json: found, text: `${table(['version', 'result', 'by'], rows)}\n\n${verdict}` };
  },
  async mark({ vault, id, options }) {
    const { mark, note } = options;
    const index = cellOf(options);
    if (mark === 'clear') return marked(await vault.clearMark({ runId: id, index }));
    if (mark !== undefined && mark !== 'pass' && mark !== 'fail')
      throw new VaultError('USAGE', '--mark is pass, fail or clear');
    if (mark === undefined && !note)
      throw new VaultError('USAGE', 'Say what: --mark pass, --mark fail, --mark clear, --note "…"');
    return marked(await vault.markCell({ runId: id, index, mark: mark ?? null, note }));
  },
  async compare({ vault, id, options }) {
    const [a, b] = (options.columns ?? '0,1').split(',').map(Number);
    const found = await vault.compareColumns({ runId: id, a: a ?? Number.NaN, b: b ?? Number.NaN });
    const counts = `Passed in both ${found.both}, only in ${found.a} ${found.onlyA}, only in ${found.b} ${found.onlyB}, in neither ${found.neither}`;
    const left = found.leftOut > 0 ? `\n${counted(found.leftOut, 'case')} left out: not judged in both` : '';
    return { json: found, text: `${found.verdict}\n${counts}${left}` };
  },
  async flaky({ vault, id }) {
    const found = await vault.flaky({ runId: id });
    const rows = found.map((one) => [`${one.path}@${one.version}`, one.model, one.case, `${one.passed} of ${one.of}`]);
    const text =
      found.length === 0
        ? 'No case passed sometimes and failed sometimes'
        : table(['version', 'model', 'case', 'passed'], rows);
    return { json: { flaky: found }, text };
  },
};

const marked = (cell: { status: string; mark: unknown }): Answer => ({
  json: cell,
  text: `The cell counts as ${cell.status}`,
});

function cellOf({ cell }: RunOptions): number {
  if (cell === undefined)
    throw new VaultError('USAGE', 'Say which cell: --cell 12. "run <id> --json" numbers them from 0');
  return cell;
}

const run: Verb<RunOptions> = {
  usage: 'run <id> [action]',
  group,
  summary: `one run: ${Object.keys(actions).join(', ')}`,
  detail:
    'resume goes on with what had no turn, retry-errors calls again what ended in an error, both in the same run. rerun-failing is a new run of the rows that failed. rescore judges stored outputs by other checks without calling a model. bisect finds the version that broke a row, by stored outputs first. compare says which of two columns is better, flaky which cases passed only sometimes.',
  options: [
    { flags: '--max-cost <usd>', kind: 'number', about: 'resume, retry-errors: the new cost limit of the whole run' },
    { flags: '--checks <file>', kind: 'text', about: 'rescore: YAML or JSON list of checks' },
    { flags: '--replace', kind: 'flag', about: 'rescore: by these checks only' },
    { flags: '--judge <vendor:model>', kind: 'text', about: 'rescore: the model that judges' },
    { flags: '--cell <n>', kind: 'count', about: 'rerun-cell, bisect, mark: the cell, from 0' },
    { flags: '--call', kind: 'flag', about: 'bisect: call the model where no output is stored' },
    { flags: '--mark <word>', kind: 'text', about: 'mark: pass, fail or clear' },
    { flags: '--note <text>', kind: 'text', about: 'mark: why' },
    { flags: '--columns <a,b>', kind: 'text', about: 'compare: two columns, from 0 (default: 0,1)' },
    ...reportOptions,
  ],
  examples: [
    'promptvault run 0b6f… resume --max-cost 2',
    'promptvault run 0b6f… rescore --checks stricter.yaml',
    'promptvault run 0b6f… compare --columns 0,2',
  ],
  async run(call) {
    const [id = '', action = 'show'] = call.args;
    const found = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!found) throw new VaultError('USAGE', `A run can ${Object.keys(actions).join(', ')}, not ${action}`);
    return found({ ...call, vault: await call.engine(), id });
  },
};

export const runVerbs: readonly Verb[] = [runs, run];
