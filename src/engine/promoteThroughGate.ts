import type { GateState } from '../lab/dataTypes.ts';
import { VaultError } from '../shared/errors.ts';
import type { VaultApi, VersionRecord } from '../vault/types.ts';

type Promotion = Parameters<VaultApi['promote']>[0];
export type GatedPromotion = Promotion & {
  /** Why the gate does not hold this time; the log says so. */
  override?: string;
};
type Deps = {
  vault: Pick<VaultApi, 'promote' | 'show'>;
  checkGate(p: { ref: string }): Promise<GateState>;
};

/**
 * Promotes, TST to PRD only with what the vault's gate asks for: GATE with the reasons in `details.reasons`, unless a person
 * overrides it with a reason. What the gate judged is what is promoted: a draft saved meanwhile is a CONFLICT.
 */
export async function promoteThroughGate(
  { override, ...promotion }: GatedPromotion,
  { vault, checkGate }: Deps,
): Promise<VersionRecord> {
  const version = vault.show({ ref: promotion.ref });
  if (version.stage !== 'TST') return vault.promote(promotion);
  const ref = `${version.path}@${version.version}`;
  const { gate, open, reasons, runId } = await checkGate({ ref });
  if (gate === null) return vault.promote(promotion);
  const why = override?.trim() ?? '';
  if (!open && why === '') {
    const message = `${ref} may not go to production yet:\n${reasons.map((reason) => `- ${reason}`).join('\n')}`;
    throw new VaultError('GATE', message, { ref, reasons, runId });
  }
  const seen = {
    expectStage: promotion.expectStage ?? version.stage,
    expectRevision: promotion.expectRevision ?? version.revision,
  };
  const passed = { suite: gate.suite, run: runId, ...(open ? {} : { overridden: why, reasons }) };
  return vault.promote({ ...promotion, ref, ...seen, gate: passed });
}
