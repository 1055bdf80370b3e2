import type { LabContract } from '../../src/engine/panels.ts';
import type { BaselineComparison } from '../../src/lab/compareRun.ts';
import type { ColumnComparison } from '../../src/lab/comparison.ts';
import type { PanelClient } from '../shared/panelClient.ts';
import type { Pair } from './baselineColumns.ts';

type Asked = { runId: string; pair: Pair };

/** The verdict on what is compared; null for a column that is the baseline itself. */
export async function comparePair(
  call: PanelClient<LabContract>['call'],
  { runId, pair: [a, b] }: Asked,
): Promise<ColumnComparison | BaselineComparison | null> {
  if (a !== 'baseline') return call.compare({ runId, a, b });
  const [found] = await call.compareBaseline({ runId, columns: [b] });
  return found ?? null;
}
