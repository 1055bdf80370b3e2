import type { VaultError } from '../shared/errors.ts';
import { thresholdText } from '../shared/thresholdText.ts';
import type { Database } from '../vault/database.ts';
import type { VaultApi, VersionInfo } from '../vault/types.ts';
import type { Gate, GateState, LabData, Suite, Thresholds } from './dataTypes.ts';
import { checkThresholds, columnThresholds, mergeThresholds } from './thresholds.ts';
import type { RunResult } from './types.ts';

type Sync = Pick<LabData, 'gate' | 'setGate' | 'checkGate'>;
/** As the engine gives them. */
export type GateCalls = {
  [Name in keyof Sync]: (...args: Parameters<Sync[Name]>) => Promise<ReturnType<Sync[Name]>>;
};
type Deps = {
  database: Database;
  vault: Pick<VaultApi, 'show'>;
  data: { showSuite(p: { name: string }): Suite };
  showRun(runId: string): RunResult;
};

const key = 'gate';

/**
 * The gate of a vault: a setting that lets TST go to PRD only with a run of exactly that content on one suite, without a
 * regression against what is in production, row by row, and with the thresholds met.
 */
export function gateCalls({ database, vault, data, showRun }: Deps): GateCalls {
  const { showSuite } = data;
  const gate = (): Gate | null => {
    const text = database.prepare('SELECT value FROM meta WHERE key = ?').pluck().get<string>(key);
    return text === undefined ? null : (JSON.parse(text) as Gate);
  };
  return {
    gate: async () => gate(),
    setGate: async ({ gate: wanted }) => {
      if (wanted) {
        showSuite({ name: wanted.suite });
        checkThresholds(ownThresholds(wanted));
      }
      return database.write((tx) => {
        if (wanted) {
          const upsert =
            'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';
          tx.prepare(upsert).run(key, JSON.stringify(wanted));
        } else tx.prepare('DELETE FROM meta WHERE key = ?').run(key);
        tx.appendEvent({ kind: 'gate.changed', details: { gate: wanted ? { ...wanted } : null } });
        return wanted;
      });
    },
    checkGate: async ({ ref }) =>
      database.read(() => {
        const set = gate();
        if (!set) return { gate: null, open: true, reasons: [], runId: null };
        const version = vault.show({ ref });
        const runId = newestRun(database, { suite: set.suite, hash: version.hash });
        const reasons =
          runId === null
            ? [
                `v${version.version} has no finished run on the suite ${set.suite}. A run of an earlier text does not count`,
              ]
            : judge({ set, suite: showSuite({ name: set.suite }), version, prd: prdOf(version.path) }, showRun(runId));
        return { gate: set, open: reasons.length === 0, reasons, runId } satisfies GateState;
      }),
  };

  function prdOf(path: string): VersionInfo | null {
    try {
      return vault.show({ ref: `${path}@PRD` });
    } catch (error) {
      if ((error as VaultError).code === 'NOT_FOUND') return null;
      throw error;
    }
  }
}

/** Results belong to a hash: whatever number it had then. */
function newestRun(database: Database, { suite, hash }: { suite: string; hash: string }): string | null {
  const sql = `SELECT id FROM runs WHERE suite = ? AND status = 'done' AND stop_reason IS NULL
    AND EXISTS (SELECT 1 FROM json_each(versions) WHERE value ->> 'hash' = ?) ORDER BY seq DESC LIMIT 1`;
  return database.prepare(sql).pluck().get<string>(suite, hash) ?? null;
}

type Asked = { set: Gate; suite: Suite; version: VersionInfo; prd: VersionInfo | null };

function judge({ set, suite, version, prd }: Asked, { run, summary, regressions }: RunResult): string[] {
  const reasons: string[] = [];
  const columns = summary.filter(({ hash }) => hash === version.hash);
  const wanted = mergeThresholds(suite.definition.thresholds, ownThresholds(set));
  if (run.suiteRevision !== suite.revision) {
    reasons.push(`The suite ${suite.name} was changed after the last run: run it again`);
  }
  const errors = columns.reduce((sum, column) => sum + column.errors, 0);
  if (errors > 0) reasons.push(`${errors} of its results are errors, which say nothing: retry them`);
  if (columns.every(({ passed, failed }) => passed + failed === 0)) reasons.push('Nothing was judged in its last run');
  for (const column of columns) {
    const missed = columnThresholds(wanted, column).filter(({ pass }) => !pass);
    reasons.push(...missed.map((one) => `${column.model}: ${thresholdText(one)}`));
  }
  if (prd && prd.hash !== version.hash && !set.allowRegressions) {
    if (run.baseline?.hash !== prd.hash) {
      reasons.push(
        `Its last run was not compared with v${prd.version}, which is in production: run it with that baseline`,
      );
    } else if (run.baseline.missing > 0) {
      reasons.push(
        `${run.baseline.missing} cases have no result of v${prd.version} to compare with: run both versions`,
      );
    }
    const worse = regressions.filter((one) => one.path === version.path && one.version === version.version);
    if (worse.length > 0) {
      const rows = worse.slice(0, 5).map((one) => `${one.case} (${one.model})`);
      const more = worse.length > rows.length ? ', …' : '';
      reasons.push(`${worse.length} cases passed with v${prd.version} and do not now: ${rows.join(', ')}${more}`);
    }
  }
  return reasons;
}

/** What the gate itself wants, above its suite. */
const ownThresholds = ({ passRate, metrics }: Gate): Thresholds => ({
  ...(passRate === undefined ? {} : { passRate }),
  ...(metrics === undefined ? {} : { metrics }),
});
