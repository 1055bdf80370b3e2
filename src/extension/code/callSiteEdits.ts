import { findReferences } from '../../code/findReferences.ts';
import type { PassedVariable, PromptReference, TextRange } from '../../code/types.ts';
import { entryAt, namePattern } from './callEntries.ts';

export type TextEdit = TextRange & { text: string };
type Call = { languageId: string; reference: PromptReference };

/** How far behind its path a call's variables may begin. */
const reach = 300;

/*
 * Languages write what is passed differently. Each edit here is a guess from how the call is written now, and counts only when the
 * finder then reads the call as meant.
 */

/** The edit that passes one more variable, by a value of the same name. */
export function addVariable(text: string, call: Call & { name: string }): TextEdit | undefined {
  const passed = passedBy(call);
  const wanted = [...passed.map(({ name }) => name), call.name];
  return additions(text, call).find((edit) => reads(text, edit, { ...call, wanted }));
}

/** The edit that passes a variable no more. */
export function removeVariable(text: string, call: Call & { name: string }): TextEdit | undefined {
  const passed = passedBy(call);
  const own = passed.find(({ name }) => name === call.name);
  if (!own) return undefined;
  const wanted = passed.filter((one) => one !== own).map(({ name }) => name);
  const { start, end } = entryAt(text, own);
  const behind = /^\s*,\s*/.exec(text.slice(end, end + reach))?.[0].length ?? 0;
  const before = /,?\s*$/.exec(text.slice(Math.max(0, start - reach), start))?.[0].length ?? 0;
  const spans = behind
    ? [{ start, end: end + behind }]
    : [
        { start: start - before, end },
        { start, end },
      ];
  return spans.map((span) => ({ ...span, text: '' })).find((edit) => reads(text, edit, { ...call, wanted }));
}

/** The edit that passes a variable's value under another name. */
export function renameVariable(text: string, call: Call & { name: string; to: string }): TextEdit | undefined {
  const passed = passedBy(call);
  const own = passed.find(({ name }) => name === call.name);
  if (!own) return undefined;
  const wanted = passed.map((one) => (one === own ? call.to : one.name));
  const { start, end } = own;
  const isShort = entryAt(text, own).form === 'name';
  const edit = { start, end, text: isShort ? `${call.to}: ${call.name}` : call.to };
  return reads(text, edit, { ...call, wanted }) ? edit : undefined;
}

const passedBy = ({ reference }: Call): PassedVariable[] => reference.variables?.names ?? [];

function additions(text: string, { languageId, reference, name }: Call & { name: string }): TextEdit[] {
  const value = languageId === 'php' ? `$${name}` : name;
  const [first] = reference.variables?.names ?? [];
  if (first) {
    const { start, form } = entryAt(text, first);
    const separator = form === 'flag' ? ' ' : ', ';
    return [{ start, end: start, text: `${namePattern(text, { own: first, form, name, value })}${separator}` }];
  }
  const behind = text.slice(reference.end, reference.end + reach);
  const empty = [...behind.matchAll(/[{([](\s*)[\])}]/g)];
  const forms = [
    ...(listForms[languageId]?.(name) ?? []),
    name,
    `${name}: ${value}`,
    `"${name}": ${value}`,
    `"${name}" => ${value}`,
    `${name}=${value}`,
  ];
  return empty.flatMap(({ index, 0: { length } }) => {
    const span = { start: reference.end + index + 1, end: reference.end + index + length - 1 };
    const space = text[span.start - 1] === '{' && /^(?:type|java)script|^(?:csharp|ruby)$/.test(languageId) ? ' ' : '';
    return forms.map((form): TextEdit => ({ ...span, text: `${space}${form}${space}` }));
  });
}

/** Where an empty map is written with names and values by turns, or in pairs. */
const listForms: { readonly [languageId: string]: (name: string) => string[] } = {
  java: (name) => [`"${name}", ${name}`],
  rust: (name) => [`("${name}", ${name})`],
};

/** Whether the edited text says what is meant: the same reference, with these variables. */
function reads(text: string, edit: TextEdit, { languageId, reference, wanted }: Call & { wanted: string[] }): boolean {
  const edited = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  const found = findReferences(edited, languageId).find(({ start }) => start === reference.start);
  const names = found?.variables?.names.map(({ name }) => name) ?? [];
  return found?.path === reference.path && names.sort().join(' ') === wanted.sort().join(' ');
}
