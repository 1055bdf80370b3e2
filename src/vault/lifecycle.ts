import { VaultError } from '../shared/errors.ts';
import type { Stage } from './types.ts';

export const actions = ['edit', 'test', 'promote', 'createVersion', 'delete'] as const;
export type Action = (typeof actions)[number];
/** `hidden` ones are not shown at all; the others are greyed with the reason. */
export type Permission = { allowed: true } | { allowed: false; hidden: boolean; reason: string };

const yes = { allowed: true } as const;
const no = (reason: string) => ({ allowed: false, hidden: false, reason }) as const;
const hidden = (reason: string) => ({ allowed: false, hidden: true, reason }) as const;

const frozen = no('Cannot edit production versions');
const kept = no('Only DEV versions can be deleted');
const end = hidden('Production and retired versions are not promoted: create a new version');

/** The button table: every menu, button, command, verb and route asks it; triggers enforce the same. */
const lifecycle = {
  DEV: { edit: yes, test: yes, promote: yes, createVersion: yes, delete: yes },
  TST: { edit: yes, test: yes, promote: yes, createVersion: yes, delete: kept },
  PRD: { edit: frozen, test: yes, promote: end, createVersion: yes, delete: kept },
  RET: { edit: frozen, test: yes, promote: end, createVersion: yes, delete: kept },
} as const satisfies Record<Stage, Record<Action, Permission>>;

const promotions: Record<Stage, Stage | null> = { DEV: 'TST', TST: 'PRD', PRD: null, RET: null };

export function permission(stage: Stage, action: Action): Permission {
  return lifecycle[stage][action];
}

/** The stage a promotion leads to; null where there is none. */
export function nextStage(stage: Stage): Stage | null {
  return promotions[stage];
}

/** Throws RULE with the table's reason when the action is not allowed. `ref` names the version, for the next step. */
export function requireAllowed(stage: Stage, action: Action, ref: string): void {
  const answer = permission(stage, action);
  if (!answer.allowed) throw new VaultError('RULE', answer.reason, { stage, action, ref });
}
