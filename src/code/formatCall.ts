import { type Node, readArguments } from './argumentTree.ts';
import type { Joined } from './joinedLiterals.ts';
import { literalPieces } from './literalText.ts';
import { codeBefore } from './partText.ts';
import { printfCall } from './printfCall.ts';
import type { TextPiece } from './promptText.ts';
import type { SourcePart } from './sourceParts.ts';
import type { TextRange } from './types.ts';

type Given = { positional: string[]; named: Map<string, string> };
/** How an expression is written that formats as a field does. */
type Wrap = (field: string, expression: string) => string;
type Source = { text: string; parts: readonly SourcePart[]; languageId: string };

const field = /\{\{|\}\}|\{([A-Za-z_]\w*|\d*)([.[][^{}!:]*)?(![rsa])?(, ?-?\d+)?(:[^{}]*)?\}/g;
const readers: { readonly [languageId: string]: typeof pythonCall } = {
  python: pythonCall,
  rust: rustCall,
  csharp: csharpCall,
};

/**
 * Python's `"…{name}…".format(name=…)`, Rust's `format!("…{name}…", …)`, C#'s `string.Format("…{0}…", …)`, and what formats as
 * printf does; null for a literal that is in none of them.
 */
export function formatCall(source: Source, joined: Joined): { pieces: TextPiece[]; range: TextRange } | null {
  const { text, parts, languageId } = source;
  const template = plainText(text, joined);
  if (template === null) return null;
  const called = Object.hasOwn(readers, languageId) ? readers[languageId]!(source, joined) : null;
  const pieces = called && fieldsOf(template, called.given, called.wrap);
  if (pieces && called) return { pieces, range: called.range };
  const first = joined.pieces[0]!;
  const before = 'part' in first ? codeBefore(text, parts, first.part) : '';
  return printfCall(source, { ...joined, before }, template);
}

function pythonCall({ text, parts }: Source, { range, last }: Joined) {
  if (!/^\s*\.\s*format\s*\(/.test(text.slice(range.end, range.end + 60))) return null;
  const [rest = []] = readArguments(text, parts, { index: last, isBare: false }).entries;
  const group = rest[2];
  if (group?.kind !== 'group') return null;
  const given = givenIn(text, group.entries);
  const wrap: Wrap = (spec, expression) => `"{0${spec}}".format(${expression})`;
  return given && { given, wrap, range: { start: range.start, end: group.end } };
}

function rustCall({ text, parts }: Source, { range, last }: Joined) {
  const part = parts[last]!;
  if (!/(?:^|[^\w])format ?! ?[([{] ?$/.test(codeBefore(text, parts, part))) return null;
  const { entries, whole, end } = readArguments(text, parts, { index: last, isBare: false });
  const given = whole ? givenIn(text, entries.slice(1)) : null;
  const wrap: Wrap = (spec, expression) => `format!("{${spec}}", ${expression})`;
  return given && { given, wrap, range: { start: text.lastIndexOf('format', range.start), end } };
}

function csharpCall({ text, parts }: Source, { range, last, pieces: [first] }: Joined) {
  const before = first && 'part' in first ? codeBefore(text, parts, first.part) : '';
  const name = /(?:^|[^\w.])(string|String) ?\. ?Format ?\( ?$/.exec(before)?.[1];
  if (!name) return null;
  const { entries, whole, end } = readArguments(text, parts, { index: last, isBare: false });
  const given = whole && entries[0]!.length === 0 ? givenIn(text, entries.slice(1)) : null;
  const wrap: Wrap = (spec, expression) => `string.Format("{0${spec}}", ${expression})`;
  return given && { given, wrap, range: { start: text.lastIndexOf(name, range.start), end } };
}

function plainText(text: string, { pieces }: Joined): string | null {
  let all = '';
  for (const piece of pieces) {
    const own = 'part' in piece ? literalPieces(text, piece.part) : null;
    const [only, ...others] = own ?? [];
    if (!only || others.length > 0 || !('text' in only)) return null;
    all += only.text;
  }
  return all;
}

/** The arguments as written; null when some are only known when it runs. */
function givenIn(text: string, entries: readonly (readonly Node[])[]): Given | null {
  const given: Given = { positional: [], named: new Map() };
  for (const entry of entries) {
    const [first, second, third] = entry;
    if (!first) continue;
    if (first.kind === 'mark' && /^\*/.test(first.text)) return null;
    const end = entry.at(-1)!.end;
    const isNamed = first.kind === 'word' && second?.kind === 'mark' && second.text === '=' && third;
    if (isNamed) given.named.set(first.text, text.slice(third.start, end));
    else given.positional.push(text.slice(first.start, end));
  }
  return given;
}

function fieldsOf(template: string, { positional, named }: Given, wrap: Wrap): TextPiece[] | null {
  const pieces: TextPiece[] = [];
  let at = 0;
  let next = 0;
  for (const match of template.matchAll(field)) {
    const between = template.slice(at, match.index);
    at = match.index + match[0].length;
    if (/[{}]/.test(between)) return null;
    pieces.push({ text: between });
    const [whole, name = '', access = '', conversion = '', width = '', spec = ''] = match;
    if (whole === '{{' || whole === '}}') {
      pieces.push({ text: whole[0]! });
      continue;
    }
    const position = name === '' ? next++ : /^\d+$/.test(name) ? Number(name) : null;
    // Rust takes what is not passed from the names around.
    const expression =
      position === null
        ? (named.get(name) ?? (wrap('', '').startsWith('format!') ? name : undefined))
        : positional[position];
    if (expression === undefined) return null;
    const how = access + conversion + width + spec;
    pieces.push({ expression: how === '' ? expression : wrap(how, expression), of: expression });
  }
  const rest = template.slice(at);
  return /[{}]/.test(rest) ? null : [...pieces, { text: rest }];
}
