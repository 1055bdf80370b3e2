import { VaultError } from '../shared/errors.ts';
import { placeOf } from './cellAddress.ts';
import { columnsOf } from './columns.ts';
import type { LabContext } from './labContext.ts';
import type { PlannedCase } from './planCases.ts';
import { storedVerdict } from './regressions.ts';
import { gridOfRow, sizeOf } from './runResult.ts';
import { plannedCase } from './storedCases.ts';

export type BisectStep = { version: string; status: 'pass' | 'fail'; source: 'stored' | 'called' };
export type Bisected = {
  /** The versions judged, oldest first. */
  steps: BisectStep[];
  /** The version that broke it: it fails and the one before it passes. Null while that is not known, or when it never passed. */
  culprit: string | null;
  /** Versions between the last known pass and the first fail after it, oldest first: `allowCalls` would ask a few of them. */
  unknown: string[];
};
export type BisectCalls = {
  /**
   * From a failing cell to the version of its prompt that broke it: by stored outputs, judged by the checks the cell had.
   * What they leave open is called only with `allowCalls`, each step halving it; such calls are runs of one cell.
   */
  bisect(p: { path: string; runId: string; index: number; allowCalls?: boolean }): Promise<Bisected>;
};

export function bisectCalls(context: LabContext): BisectCalls {
  return { bisect: (p) => bisect(context, p) };
}

type Found = Map<string, Omit<BisectStep, 'version'>>;

async function bisect(
  context: LabContext,
  { path, runId, index, allowCalls = false }: Parameters<BisectCalls['bisect']>[0],
): Promise<Bisected> {
  const { vault, store, regex } = context;
  const { row, one, hash, column } = failingCell(context, { runId, index });
  const versions = [...vault.history({ path }).versions].reverse();
  const last = versions.findLastIndex((version) => version.hash === hash);
  if (last < 0) {
    throw new VaultError('NOT_FOUND', `No version of ${path} says what this cell tested any more`, { path });
  }
  const line = versions.slice(0, last + 1);
  const found: Found = new Map([[line.at(-1)!.version, { status: 'fail', source: 'stored' }]]);
  for (const { version, hash: other } of line.slice(0, -1)) {
    const past = { hash: other, model: column.key, store, seq: Number.MAX_SAFE_INTEGER, regex };
    const status = await storedVerdict(one, past);
    // An error says nothing about the prompt.
    if (status === 'pass' || status === 'fail') found.set(version, { status, source: 'stored' });
  }
  const names = line.map(({ version }) => version);
  let open = gap(names, found);
  while (allowCalls && open.unknown.length > 0) {
    const version = open.unknown[Math.floor(open.unknown.length / 2)]!;
    const status = await call(context, { ref: `${path}@${version}`, one, row, column });
    found.set(version, { status, source: 'called' });
    open = gap(names, found);
  }
  const steps = names.flatMap((version) => ({ version, ...found.get(version)! })).filter(({ status }) => status);
  return { steps, ...open };
}

/** Between the last pass and the first fail behind it. Without a pass it may have been so from the beginning. */
function gap(names: readonly string[], found: Found): Pick<Bisected, 'culprit' | 'unknown'> {
  const pass = names.findLastIndex((name) => found.get(name)?.status === 'pass');
  const fail = names.findIndex((name, at) => at > pass && found.get(name)?.status === 'fail');
  const unknown = names.slice(pass + 1, fail);
  return { culprit: pass >= 0 && unknown.length === 0 ? names[fail]! : null, unknown };
}

function failingCell({ store, cellsOf }: LabContext, { runId, index }: { runId: string; index: number }) {
  const row = store.run(runId);
  const cell = cellsOf(runId)[index];
  if (!cell) throw new VaultError('NOT_FOUND', `The run has no cell ${index}`, { ref: `${runId}#${index}` });
  if (cell.status !== 'fail') {
    throw new VaultError('RULE', 'Only from a cell that fails can the change that broke it be found', {
      action: 'bisect',
    });
  }
  const cases = store.cases(row.seq);
  const place = placeOf(index, sizeOf(gridOfRow(row, cases)));
  const column = columnsOf(row.options.choices ?? row.models)[place.model]!;
  return { row, one: plannedCase(cases[place.case]!), hash: cell.hash, column };
}

type Asked = Pick<ReturnType<typeof failingCell>, 'row' | 'column'> & { ref: string; one: PlannedCase };

/** One version on one case, as a run of its own: its answer is kept for the next time. Fails with what the call failed with. */
async function call(
  { startRun, waitForRun }: LabContext,
  { ref, one, row, column: { model, settings } }: Asked,
): Promise<'pass' | 'fail'> {
  const { judge, maxCostUsd } = row.options;
  const { id } = await startRun({
    ...{ refs: [ref], models: [{ model, settings }], cases: [one] },
    ...(judge ? { judge } : {}),
    ...(maxCostUsd === null ? {} : { maxCostUsd }),
  });
  const cell = (await waitForRun(id)).cells[0]!;
  if (cell.status === 'pass' || cell.status === 'fail') return cell.status;
  const { code, message } = cell.error ?? { code: 'CANCELLED', message: 'Cancelled' };
  throw new VaultError(code as VaultError['code'], message, { ref });
}
