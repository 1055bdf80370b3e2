import type { TextRange } from '../../code/types.ts';

/**
 * How a variable and its value are written: `name` alone, with what stands `between` them, as two arguments (`"a", b`), as a
 * `tuple` (`("a", b)`), of an `entry` (`Map.entry("a", b)`), by `index` (`["a"] = b`), or as the `flag` of a command
 * (`--var a=b`).
 */
export type EntryForm = 'name' | 'between' | 'arguments' | 'tuple' | 'entry' | 'index' | 'flag';
export type Entry = TextRange & { form: EntryForm };

const quotes = ['"', "'", '`'];
const closing: { readonly [open: string]: string } = { '(': ')', '[': ']', '{': '}' };
const entryCall = /(?:[\w$]+\s*\.\s*)*\bentry\s*\(\s*$/;
const between = /^["'`]?\s*(?:=>|:|=(?!=))\s*/;

/** The whole entry that a passed variable's name stands in: from its mark or bracket to the end of its value. */
export function entryAt(text: string, name: TextRange): Entry {
  const flag = /--?[\w-]+[ =]+["']?$/.exec(text.slice(Math.max(0, name.start - 40), name.start));
  if (flag) return { start: name.start - flag[0].length, end: wordEnd(text, name.end, flag[0]), form: 'flag' };
  const token = quotes.includes(text[name.start - 1]!) ? name.start - 1 : name.start;
  const behind = token < name.start ? name.end + 1 : name.end;
  const before = /(.?)([([])\s*$/.exec(text.slice(Math.max(0, token - 40), token));
  const bracket = before ? token - before[0].length + before[1]!.length : -1;
  if (before?.[2] === '(' && !/[\w$>)\]]/.test(before[1]!)) {
    return { start: bracket, end: valueEnd(text, token, closing['(']) + 1, form: 'tuple' };
  }
  const made = entryCall.exec(text.slice(Math.max(0, token - 80), token));
  if (made) {
    return { start: token - made[0].length, end: valueEnd(text, token, closing['(']) + 1, form: 'entry' };
  }
  const afterBracket = before?.[2] === '[' ? /^\s*\]\s*=\s*/.exec(text.slice(behind)) : null;
  if (afterBracket) return { start: bracket, end: valueEnd(text, behind + afterBracket[0].length), form: 'index' };
  const isShort = token === name.start && /^\s*[,}\])]/.test(text.slice(name.end));
  if (isShort) return { start: token, end: name.end, form: 'name' };
  const pair = /^\s*,\s*/.exec(text.slice(behind));
  if (pair) return { start: token, end: valueEnd(text, behind + pair[0].length), form: 'arguments' };
  return { start: token, end: valueEnd(text, behind), form: 'between' };
}

/** Another entry written as one that is there. */
export function namePattern(text: string, p: { own: TextRange; form: EntryForm; name: string; value: string }): string {
  const { own, form, name, value } = p;
  const mark = quotes.includes(text[own.start - 1]!) ? text[own.start - 1]! : '';
  const quoted = `${mark}${name}${mark}`;
  if (form === 'name') return name;
  if (form === 'flag') return `--var ${name}="$${name}"`;
  if (form === 'arguments') return `${quoted}, ${value}`;
  if (form === 'entry') {
    const at = own.start - mark.length;
    return `${entryCall.exec(text.slice(Math.max(0, at - 80), at))![0]}${quoted}, ${value})`;
  }
  if (form === 'tuple') return `(${quoted}, ${value})`;
  if (form === 'index') return `[${quoted}] = ${value}`;
  const separator = between.exec(text.slice(own.end))?.[0].replace(/^["'`]/, '') ?? ': ';
  return `${quoted}${separator}${value}`;
}

/** Where a value ends: at the comma or bracket behind it, those inside of its own brackets and strings left out. */
function valueEnd(text: string, from: number, until?: string): number {
  let depth = 0;
  let quote = '';
  let at = from;
  for (; at < text.length; at += 1) {
    const letter = text[at]!;
    if (quote) {
      if (letter === '\\') at += 1;
      else if (letter === quote) quote = '';
    } else if (quotes.includes(letter)) quote = letter;
    else if (closing[letter]) depth += 1;
    else if (depth > 0 && ')]}'.includes(letter)) depth -= 1;
    else if (depth === 0 && (until ? letter === until : ',)]}'.includes(letter))) break;
  }
  return text.slice(from, at).trimEnd().length + from;
}

/** The end of a command's word, with the mark that closes it. */
function wordEnd(text: string, from: number, flag: string): number {
  const mark = quotes.find((one) => flag.endsWith(one));
  const found = mark ? text.indexOf(mark, from) + 1 : text.slice(from).search(/\s(?=(?:[^"]*"[^"]*")*[^"]*$)/) + from;
  return found > from ? found : text.length;
}
