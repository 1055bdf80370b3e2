import { checkList } from '../../engine/checkList.ts';
import { VaultError } from '../../shared/errors.ts';
import { table } from '../table.ts';
import type { Verb } from '../verb.ts';

const judges = { rule: 'rule', group: 'rule', judge: 'judge', row: 'judge', embeddings: 'embeddings' } as const;

const checks: Verb = {
  usage: 'checks [type]',
  group: 'Testing:',
  summary: 'list the checks that answers can be tested with',
  detail:
    'An example is a cell of an __expected column or an entry of a checks file; any check takes not- before it, and as an object weight, threshold, metric and not. Texts may name the case’s values: {{name}}. Those by a judge or by embeddings ask a model, which costs.',
  examples: ['promptvault checks', 'promptvault checks llm-rubric'],
  async run({ args: [type] }) {
    const known = checkList();
    const chosen = type === undefined ? known : known.filter((one) => one.type === type.replace(/^not-/, ''));
    if (chosen.length === 0) {
      throw new VaultError('NOT_FOUND', `There is no check ${type}. "promptvault checks" lists them`, { ref: type });
    }
    return { json: { checks: chosen }, text: type === undefined ? listText(chosen) : chosen.map(oneText).join('\n\n') };
  },
};

type Listed = ReturnType<typeof checkList>[number];

const limitOf = ({ threshold }: Listed) =>
  threshold && `${threshold.about}${threshold.usual === undefined ? '' : ` (${threshold.usual})`}`;

const listText = (known: readonly Listed[]) =>
  table(
    ['check', 'by', 'threshold', 'example'],
    known.map((one) => [one.type, judges[one.by], limitOf(one), one.example]),
  );

function oneText(one: Listed): string {
  const lines = [`${one.type}: ${one.about}.`, `Judged by: ${judges[one.by]}`, `Value: ${one.value || 'none'}`];
  const limit = limitOf(one);
  return [...lines, ...(limit ? [`Threshold: ${limit}`] : []), `Example: ${one.example}`].join('\n');
}

export const checkVerbs: readonly Verb[] = [checks];
