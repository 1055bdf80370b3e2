import { findReferences } from '../../code/findReferences.ts';
import type { PromptReference, TextRange } from '../../code/types.ts';

export type TextEdit = TextRange & { text: string };
type Wanted = { languageId: string; reference: PromptReference; name: string };

/** How far behind its path a call's variables may begin. */
const reach = 300;
const quotes = ['"', "'", '`'];

/**
 * The edit that passes one more variable, by a value of the same name. Languages write this differently, so the usual forms are
 * tried until the finder reads the call as meant. Undefined when none fits.
 */
export function addVariable(text: string, { languageId, reference, name }: Wanted): TextEdit | undefined {
  const passed = reference.variables?.names ?? [];
  const wanted = [...passed.map((one) => one.name), name].sort();
  for (const edit of additions(text, { reference, name })) {
    if (reads(text, edit, { languageId, reference, wanted })) return edit;
  }
  return undefined;
}

/** The edit that passes a variable no more; undefined when it cannot be told where its value ends. */
export function removeVariable(text: string, { languageId, reference, name }: Wanted): TextEdit | undefined {
  const passed = reference.variables?.names ?? [];
  const index = passed.findIndex((one) => one.name === name);
  const own = passed[index];
  if (!own) return undefined;
  const wanted = passed
    .filter((one) => one !== own)
    .map((one) => one.name)
    .sort();
  const start = tokenStart(text, own);
  const next = passed[index + 1];
  const close = valueEnd(text, own.end);
  const before = /,\s*$/.exec(text.slice(Math.max(0, start - reach), start))?.[0].length ?? 0;
  const spans = [
    ...(next ? [{ start, end: tokenStart(text, next) }] : []),
    { start: start - before, end: close },
    { start, end: close },
  ];
  const edits = spans.map((span): TextEdit => ({ ...span, text: '' }));
  return edits.find((edit) => reads(text, edit, { languageId, reference, wanted }));
}

function additions(text: string, { reference, name }: Pick<Wanted, 'reference' | 'name'>): TextEdit[] {
  const [first] = reference.variables?.names ?? [];
  if (first) {
    const at = tokenStart(text, first);
    return [...likeFirst(text, first, name), ...forms(name)].map((form) => ({ start: at, end: at, text: `${form}, ` }));
  }
  const behind = text.slice(reference.end, reference.end + reach);
  const places = [...behind.matchAll(/[{([]/g)].map((bracket) => reference.end + bracket.index + 1);
  return places.flatMap((at) => forms(name).map((form): TextEdit => ({ start: at, end: at, text: form })));
}

/** Written as its neighbour is: with its quotes, and with what stands between name and value. */
function likeFirst(text: string, first: TextRange, name: string): string[] {
  const token = tokenStart(text, first);
  const quote = quotes.includes(text[token]!) ? text[token]! : '';
  const between = /^["'`]?(\s*(?:=>|:|=)\s*)/.exec(
    text.slice(first.end - (first.end > token && quotes.includes(text[first.end - 1]!) ? 1 : 0)),
  )?.[1];
  return between ? [`${quote}${name}${quote}${between}${name}`] : [name];
}

const forms = (name: string) => [
  name,
  `${name}: ${name}`,
  `"${name}": ${name}`,
  `'${name}' => $${name}`,
  `${name}=${name}`,
];

/** Where a name begins with the quote that may stand before it. */
function tokenStart(text: string, { start }: TextRange): number {
  return quotes.includes(text[start - 1]!) ? start - 1 : start;
}

/** The end of the entry that a name begins: the comma or bracket behind its value. */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  let quote = '';
  let at = quotes.includes(text[from]!) ? from + 1 : from;
  for (; at < text.length; at += 1) {
    const letter = text[at]!;
    if (quote) {
      if (letter === '\\') at += 1;
      else if (letter === quote) quote = '';
    } else if (quotes.includes(letter)) quote = letter;
    else if ('([{'.includes(letter)) depth += 1;
    else if (')]}'.includes(letter)) {
      if (depth === 0) return at;
      depth -= 1;
    } else if (letter === ',' && depth === 0) return at;
  }
  return at;
}

/** Whether the edited text says what is meant: the same reference, and these variables. */
function reads(
  text: string,
  edit: TextEdit,
  { languageId, reference, wanted }: Omit<Wanted, 'name'> & { wanted: readonly string[] },
): boolean {
  const edited = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  const found = findReferences(edited, languageId).find(({ start }) => start === reference.start);
  const names = found?.variables?.names.map(({ name }) => name).sort() ?? [];
  return found?.path === reference.path && names.join(' ') === wanted.join(' ');
}
