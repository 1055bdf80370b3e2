import { VaultError } from '../shared/errors.ts';
import { prepareCheck } from './checks.ts';
import { type Check, type CheckType, checkTypes } from './checkTypes.ts';

/**
 * Checks that promptfoo knows and we do not. A cell that names one is refused: taken for a plain text it would become an
 * `equals` that can only fail, or with `not-` only pass.
 */
const foreignTypes = [
  ...['classifier', 'contains-html', 'contains-sql', 'contains-xml', 'context-faithfulness', 'context-recall'],
  ...['context-relevance', 'conversation-relevance', 'ends-with', 'eval', 'f-score', 'file', 'fn', 'g-eval', 'gleu'],
  ...['grade', 'guardrails', 'is-valid-function-call', 'is-valid-openai-function-call', 'is-valid-openai-tools-call'],
  ...['javascript', 'max-score', 'meteor', 'model-graded-closedqa', 'model-graded-factuality', 'moderation'],
  ...['perplexity', 'perplexity-score', 'pi', 'python', 'rouge-l', 'rouge-s', 'ruby', 'tool-call-f1', 'webhook'],
];
const shape = /^(not-)?([a-z][a-z-]*)(?:\(\s*(\d+(?:\.\d+)?)\s*\))?(?::([\s\S]*))?$/;

/**
 * The check a cell of an `__expected` column stands for, as promptfoo spells it: `icontains:refund`, `not-regex:^Sorry`,
 * `is-json`, `latency(500)`; any other text must equal the output. INVALID_INPUT when the check cannot be used.
 */
export function parseExpectation(cell: string): Check {
  // A blank around a check is a slip of the CSV's writer; inside a value it may be meant.
  const [, not, name, threshold, value] = shape.exec(cell) ?? shape.exec(cell.trim()) ?? [];
  const known = checkTypes.find((type) => type === name);
  if (known) return prepareCheck(checkOf(known, { not, threshold, value }));
  // `grade` or `pi` alone is a word somebody expects; with a value or threshold it is a check.
  const named = value !== undefined || threshold !== undefined || not !== undefined;
  if (name && named && foreignTypes.includes(name)) {
    throw new VaultError(
      'INVALID_INPUT',
      `The check ${name} is not supported. Use one of ${checkTypes.join(', ')}, or equals:${cell} for exactly this text`,
      { field: 'checks' },
    );
  }
  return prepareCheck({ type: 'equals', value: cell });
}

type Parts = { not: string | undefined; threshold: string | undefined; value: string | undefined };

function checkOf(type: CheckType, { not, threshold, value }: Parts): Check {
  return {
    type,
    ...(not ? { not: true } : {}),
    ...(threshold === undefined ? {} : { threshold: Number(threshold) }),
    ...(value === undefined ? {} : { value }),
  };
}
