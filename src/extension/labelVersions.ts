import type { Deps } from './deps.ts';
import { needVersion } from './pickVersion.ts';
import { pickWords } from './pickWords.ts';
import { type PromptTarget, refOf } from './targets.ts';

/** Ticks the labels all of the versions have; what is changed is changed in each. */
export async function labelVersions(
  deps: Pick<Deps, 'vaults' | 'selection'>,
  given: PromptTarget | undefined,
  selected: readonly PromptTarget[],
): Promise<void> {
  const chosen = await needVersion(deps, given ?? selected[0], { title: 'Edit Labels' });
  if (!chosen) return;
  const { vault, info } = chosen;
  const engine = await deps.vaults.engine(vault);
  const others = selected.filter((one) => one.version && (one.vault ?? vault) === vault).map(refOf);
  const refs = [...new Set([`${info.path}@${info.version}`, ...others])];
  const labels = await Promise.all(refs.map(async (ref) => (await engine.show({ ref })).labels));
  const present = labels.reduce((all, some) => all.filter((label) => some.includes(label)));
  const title = refs.length === 1 ? `Labels of ${info.path} v${info.version}` : `Labels of ${refs.length} versions`;
  const change = await pickWords({ title, wordKind: 'label', known: await engine.labels(), present });
  if (change) for (const ref of refs) await engine.label({ ref, ...change });
}
