import { checkCallSites } from './callSites.ts';
import { selectVersion } from './selectVersion.ts';
import type { CallSiteProblem, ContractVersion, PromptContract, PromptReference } from './types.ts';

/** A prompt's versions as they will be, and the one of them that goes to production. */
export type Release = { after: PromptContract; version: string };

/** The contract as it would be if that version went to production: the one there now would be retired. */
export function afterPromotion(contract: PromptContract, version: string): PromptContract {
  const versions = contract.versions.map((one): ContractVersion => {
    if (one.version === version) return { ...one, stage: 'PRD' };
    return one.stage === 'PRD' ? { ...one, stage: 'RET' } : one;
  });
  return { versions };
}

/** The contract as it would be if what version `to` says were served again under the number `version`. */
export function afterRollback(
  { versions }: PromptContract,
  { to, version }: { to: string; version: string },
): PromptContract {
  const source = versions.find((one) => one.version === to);
  const added = source && !versions.some((one) => one.version === version) ? [{ ...source, version }] : [];
  return afterPromotion({ versions: [...added, ...versions] }, version);
}

/** What is wrong with calls of the prompt that will get the released version, and pass other variables than it declares. */
export function misfits(references: readonly PromptReference[], { after, version }: Release): CallSiteProblem[] {
  return references.flatMap((reference) => {
    if (reference.asks === 'computed') return [];
    const selected = selectVersion(after.versions, reference);
    if (!('found' in selected) || selected.found.version !== version) return [];
    return checkCallSites([reference], () => after).filter(({ variable }) => variable !== null);
  });
}
