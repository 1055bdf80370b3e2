import { type Node, readArguments } from './argumentTree.ts';
import type { TextPiece } from './promptText.ts';
import type { SourcePart } from './sourceParts.ts';
import type { TextRange } from './types.ts';

type Source = { text: string; parts: readonly SourcePart[]; languageId: string };
type Printf = {
  /** The code before the text; `name` is how the call begins. */
  before?: { pattern: RegExp; name: string };
  /** The call that the text's own method is. */
  method?: RegExp;
  /** What formats one value as `%s` and the like do. */
  wrap: (spec: string, expression: string) => string;
  /** Whether a position that is told is counted on from. */
  goesOn?: true;
};

const inCall = (name: string, call: string) => ({
  pattern: new RegExp(`(?:^|[^\\w.$>:])${call} ?\\( ?$`),
  name,
});
const formats: { readonly [languageId: string]: readonly Printf[] } = {
  go: [
    {
      before: inCall('fmt', 'fmt ?\\. ?Sprintf'),
      wrap: (spec, value) => (spec === '%v' ? `fmt.Sprint(${value})` : `fmt.Sprintf("${spec}", ${value})`),
      goesOn: true,
    },
  ],
  java: [
    {
      before: inCall('String', 'String ?\\. ?format'),
      method: /^\s*\.\s*formatted\s*\(/,
      wrap: (spec, value) => (spec === '%s' ? value : `String.format("${spec}", ${value})`),
    },
  ],
  php: [
    {
      before: inCall('sprintf', 'sprintf'),
      wrap: (spec, value) => (spec === '%s' ? value : `sprintf('${spec.replace(/'/g, "\\'")}', ${value})`),
    },
  ],
  ruby: ['format', 'sprintf'].map((name) => ({
    before: inCall(name, name),
    wrap: (spec, value) => (spec === '%s' ? value : `format("${spec}", ${value})`),
  })),
};
// Of %[2]d, %2$d and %-5.1f; a width that is an argument of its own is none of these.
const verb = /%(?:%|(?:\[(\d+)\]|(\d+)\$)?((?:'[^\n]|[-+ #0,(])*\d*(?:\.\d+)?[A-Za-z]))/g;

/** The values of a call that formats `template` as C's printf does, and what it spans; null where the text is in none. */
export function printfCall(
  { text, parts, languageId }: Source,
  { range, last, before }: { range: TextRange; last: number; before: string },
  template: string,
): { pieces: TextPiece[]; range: TextRange } | null {
  for (const format of Object.hasOwn(formats, languageId) ? formats[languageId]! : []) {
    const isMethod = format.method?.test(text.slice(range.end, range.end + 60));
    if (!isMethod && !format.before?.pattern.test(before)) continue;
    const call = readArguments(text, parts, { index: last, isBare: false });
    const group = isMethod ? call.entries[0]![2] : undefined;
    if (isMethod ? group?.kind !== 'group' : !call.whole || call.entries[0]!.length > 0) return null;
    const given = valuesIn(text, group?.kind === 'group' ? group.entries : call.entries.slice(1));
    const pieces = given && formatted(template, given, format);
    const start = isMethod ? range.start : text.lastIndexOf(format.before!.name, range.start);
    return pieces && { pieces, range: { start, end: group?.end ?? call.end } };
  }
  return null;
}

/** The arguments as written; null when some are only known when it runs. */
function valuesIn(text: string, entries: readonly (readonly Node[])[]): string[] | null {
  const given = entries.filter(({ length }) => length > 0);
  const isSpread = (entry: readonly Node[]) =>
    [entry[0]!, entry.at(-1)!].some((node) => node.kind === 'mark' && /^(?:\*\*?|\.\.\.)$/.test(node.text));
  // Ruby's names of values stand in the text as well.
  const isNamed = ([, mark]: readonly Node[]) => mark?.kind === 'mark' && /^(?::|=>)$/.test(mark.text);
  if (given.some((entry) => isSpread(entry) || isNamed(entry))) return null;
  return given.map((entry) => text.slice(entry[0]!.start, entry.at(-1)!.end));
}

function formatted(template: string, given: readonly string[], { wrap, goesOn }: Printf): TextPiece[] | null {
  const pieces: TextPiece[] = [];
  const used = new Set<number>();
  let at = 0;
  let next = 0;
  for (const match of template.matchAll(verb)) {
    const [whole, bracket, dollar, spec] = match;
    const between = template.slice(at, match.index);
    at = match.index + whole.length;
    if (between.includes('%')) return null;
    pieces.push({ text: between });
    if (spec === undefined || spec === 'n') {
      pieces.push({ text: spec === undefined ? '%' : '\n' });
      continue;
    }
    const told = bracket ?? dollar;
    const position = told === undefined ? next++ : Number(told) - 1;
    if (told !== undefined && goesOn) next = position + 1;
    const expression = given[position];
    if (expression === undefined) return null;
    used.add(position);
    pieces.push({ expression: wrap(`%${spec}`, expression), of: expression });
  }
  const rest = template.slice(at);
  // A value that is not put in may still be worked out for what it does.
  return rest.includes('%') || used.size < given.length ? null : [...pieces, { text: rest }];
}
