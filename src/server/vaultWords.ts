import type { Role, Stage } from '../vault/types.ts';

// The vault's own lists may not be imported by a door; `satisfies` both ways keeps these the same.
const stageSet = { DEV: true, TST: true, PRD: true, RET: true } satisfies Record<Stage, true>;
const roleSet = { system: true, user: true, assistant: true } satisfies Record<Role, true>;

export const stages = Object.keys(stageSet) as Stage[];
export const roles = Object.keys(roleSet) as Role[];
