import { type Action, actions, nextStage, type Permission, permission } from '../vault/lifecycle.ts';
import type { Stage } from '../vault/types.ts';

/** What may be done with a version in a stage, for menus and buttons. */
export type StageRules = { promotesTo: Stage | null; actions: Record<Action, Permission> };

export function rulesFor(stage: Stage): StageRules {
  const entries = actions.map((action) => [action, permission(stage, action)] as const);
  return { promotesTo: nextStage(stage), actions: Object.fromEntries(entries) as Record<Action, Permission> };
}
