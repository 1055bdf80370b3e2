import type { EditorState } from '../engine/panels.ts';
import { rulesFor } from '../engine/rules.ts';
import { allVersions } from '../engine/wholeHistory.ts';
import type { StageCounts, VersionInfo } from '../vault/types.ts';
import type { Deps } from './deps.ts';
import type { EditorTarget } from './editorPanel.ts';
import { newestFirst } from './promptNodes.ts';
import { vaultName } from './vaultName.ts';

/** All an editor panel shows of a version. */
export async function loadEditorState(
  { vaults, unsaved }: Pick<Deps, 'vaults' | 'unsaved'>,
  target: EditorTarget,
): Promise<EditorState> {
  const { vault, path, version } = target;
  const engine = await vaults.engine(vault);
  const [record, versions, knownLabels] = await Promise.all([
    engine.show({ ref: `${path}@${version}` }),
    allVersions(engine, path),
    engine.labels(),
  ]);
  const rules = rulesFor(record.stage);
  const { edit } = rules.actions;
  return {
    vault,
    vaultName: vaultName(vaults, vault),
    version: record,
    rules,
    siblings: newestFirst(versions),
    stages: countStages(versions),
    knownLabels,
    vaultReadOnly: Boolean(vaults.find(vault)?.problem()),
    readOnlyReason: edit.allowed ? (vaults.find(vault)?.problem() ?? null) : edit.reason,
    unsaved: (edit.allowed && unsaved.get(target)) || null,
  };
}

export function countStages(versions: readonly Pick<VersionInfo, 'stage' | 'version'>[]): StageCounts {
  const count = (stage: string) => versions.filter((one) => one.stage === stage).length;
  const prd = versions.find(({ stage }) => stage === 'PRD');
  return { DEV: count('DEV'), TST: count('TST'), PRD: prd?.version ?? null, RET: count('RET') };
}
