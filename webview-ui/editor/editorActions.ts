import type { EditorAction, EditorState } from '../../src/engine/panels.ts';
import type { Action } from '../../src/vault/lifecycle.ts';
import type { MenuItem } from '../shared/menu.ts';

export type HeaderButton = {
  id: EditorAction | 'edit';
  label: string;
  /** Why it is greyed; null when it works. */
  reason: string | null;
};

// A draft can be locked by the vault itself (a read-only folder); production and retired versions are locked by their stage.
function lockedVault({ version, readOnlyReason }: EditorState): string | null {
  return version.stage === 'DEV' || version.stage === 'TST' ? readOnlyReason : null;
}

const writes: ReadonlySet<Action> = new Set(['edit', 'promote', 'createVersion', 'delete']);

/** The buttons of the header, in order, as the stage's rules say: greyed with the reason, or not there at all. */
export function headerButtons(state: EditorState): HeaderButton[] {
  const { version, rules, stages } = state;
  const locked = lockedVault(state);
  const labels: [Action, string][] = [
    ['edit', 'Edit'],
    ['test', 'Test'],
    ['promote', `Promote to ${rules.promotesTo ?? ''}`],
    ['createVersion', 'Create New Version'],
    ['delete', 'Delete'],
  ];
  const buttons = labels.flatMap(([id, label]): HeaderButton[] => {
    const rule = rules.actions[id];
    if (!rule.allowed) return rule.hidden ? [] : [{ id, label, reason: rule.reason }];
    return [{ id, label, reason: writes.has(id) ? locked : null }];
  });
  if (version.stage === 'RET')
    buttons.push({ id: 'rollback', label: `Roll Back to v${version.version}`, reason: locked });
  else if (stages.RET > 0) buttons.push({ id: 'rollback', label: 'Roll Back…', reason: locked });
  return buttons;
}

export type CompareChoice = 'unsaved' | 'comparePrd' | 'compare';

/** What this version can be compared with. */
export function compareItems(state: EditorState, dirty: boolean): MenuItem[] {
  const production = state.stages.PRD;
  const items: MenuItem[] = [];
  if (dirty) items.push({ value: 'unsaved', label: 'Unsaved changes', description: 'with the saved text' });
  if (production && production !== state.version.version)
    items.push({ value: 'comparePrd', label: 'With production', description: `v${production} PRD` });
  if (state.siblings.length > 1) items.push({ value: 'compare', label: 'With another version…' });
  return items;
}

/** What is done on the saved text only, so that an edited draft is saved first. */
export const needsSaved: ReadonlySet<EditorAction> = new Set([
  'test',
  'testSamples',
  'promote',
  'createVersion',
  'comparePrd',
  'compare',
]);
