import type { Json } from '../shared/json.ts';

export const checkTypes = [
  ...(['equals', 'contains', 'contains-any', 'contains-all', 'icontains', 'icontains-any', 'icontains-all'] as const),
  ...(['starts-with', 'regex', 'word-count', 'is-refusal', 'is-json', 'contains-json', 'is-xml', 'is-html'] as const),
  ...(['is-sql', 'levenshtein', 'rouge-n', 'bleu', 'similar', 'llm-rubric', 'factuality', 'answer-relevance'] as const),
  ...(['select-best', 'latency', 'cost', 'tokens', 'finish-reason', 'assert-set'] as const),
] as const;
export type CheckType = (typeof checkTypes)[number];
/** One assertion as data; `lab/checks/registry.ts` says what `value` and `threshold` mean per type. */
export type Check = {
  type: CheckType;
  /** Texts in it may name the case's values: `{{name}}`; `\{{` writes `{{`. */
  value?: Json;
  /** Turns it round: passes where it would fail. */
  not?: boolean;
  threshold?: number;
  /** In the cell's score and verdict; 1 unless told, 0 is told but does not count. */
  weight?: number;
  /** Checks of the same name make up one figure per cell. */
  metric?: string;
  /** Another judge, or for `similar` another embedding model, than the run's: `vendor:model`. */
  model?: string;
  /** The checks of an `assert-set`. */
  checks?: Check[];
};
/** What judging cost; `costUsd` is null where a price or the usage is not known. */
export type JudgeCost = { model: string; costUsd: number | null; inputTokens: number; outputTokens: number };
export type CheckResult = {
  /** With `not-` before it where it was turned round. */
  type: string;
  pass: boolean;
  /** 0 to 1. */
  score: number;
  reason: string;
  metric?: string;
  weight?: number;
  /** Not judged, as the latency of a stored answer; counts neither way. */
  skipped?: boolean;
  judge?: JudgeCost;
  /** The results inside an `assert-set`. */
  checks?: CheckResult[];
};
