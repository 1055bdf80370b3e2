import type { Case } from '../lab/types.ts';

/** A case in two lines: its name and values, then what its answers are checked for and what was learned of it. */
export function casePreview({ name, variables, checks, metadata = {} }: Case): {
  label: string;
  description: string;
  detail: string;
} {
  const values = Object.entries(variables).map(([key, value]) => `${key}: ${oneLine(value)}`);
  const wanted = checks.map(({ type, not, value }) => {
    const what = value === undefined ? '' : `: ${oneLine(value)}`;
    return `${not ? 'not-' : ''}${type}${what}`;
  });
  const { output, mark, note } = metadata;
  const learned = [
    ...(output === undefined ? [] : [`answered: ${oneLine(output)}`]),
    ...(mark === undefined ? [] : [`marked ${oneLine(mark)}`]),
    ...(note === undefined ? [] : [oneLine(note)]),
  ];
  return {
    label: oneLine(name) || 'Case without a name',
    description: values.join(' · '),
    detail: [...(wanted.length > 0 ? wanted : ['without checks']), ...learned].join(' · '),
  };
}

const longest = 120;

function oneLine(value: unknown): string {
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replace(/\s+/g, ' ').trim();
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
