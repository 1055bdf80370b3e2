import { type ListedCheck, listChecks } from '../lab/checks/registry.ts';

/** Every check a case can have, for people: what it does, its value, its threshold and an example. */
export const checkList = (): ListedCheck[] => listChecks();
