import { type CheckType, checkTypes } from '../checkTypes.ts';
import { callChecks } from './callChecks.ts';
import type { CheckAbout, CheckKind } from './checkKind.ts';
import { jsonChecks } from './jsonChecks.ts';
import { judgedChecks } from './judgedChecks.ts';
import { likenessChecks } from './likenessChecks.ts';
import { markupChecks } from './markupChecks.ts';
import { textChecks } from './textChecks.ts';

/** Every check there is. A new one is an entry in a family and its name in `checkTypes`; no code of a person's runs. */
export const registry: { readonly [Type in CheckType]: CheckKind } = {
  ...textChecks,
  ...jsonChecks,
  ...markupChecks,
  ...likenessChecks,
  ...callChecks,
  ...judgedChecks,
  'select-best': {
    by: 'row',
    about: 'a model finds this answer the best of all columns for the case; the others fail',
    value: 'what makes an answer the best one',
    example: 'select-best:Is the clearest for a customer',
  },
  'assert-set': {
    by: 'group',
    about: 'all checks in it hold, or with a threshold their mean score reaches it; written as YAML or JSON',
    value: '',
    example: '{type: assert-set, threshold: 0.5, checks: ["contains:card", "contains:bank"]}',
    threshold: { about: 'mean score at least' },
  },
};

/** A check as it is listed for people. */
export type ListedCheck = CheckAbout & { type: CheckType };

export const listChecks = (): ListedCheck[] =>
  checkTypes.map((type) => {
    const { about, value, example, threshold, by } = registry[type];
    return { type, about, value, example, by, ...(threshold ? { threshold } : {}) };
  });
