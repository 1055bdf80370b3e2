import type { Arguments, Node } from './argumentTree.ts';
import type { CodeLanguage } from './languageTypes.ts';
import type { PassedVariable, PassedVariables, TextRange } from './types.ts';

type Keys = { names: ':' | '=' | 'any' | null; shorthand: boolean };
type Entry = readonly Node[];
type Option = { value: Entry };

// How options are named tells of no language: structs, named arguments and maps all serve.
const optionKeys: Keys = { names: 'any', shorthand: true };
const hidden: PassedVariables = { names: [], complete: false };
const variableOptions = /^(?:variables|values|vars)$/i;
// An object with one of these is a call's options and not its variables.
const otherOptions =
  /^(?:range|version|fallback|signal|ttlMs|ttl|label|stage|type|timeout|headers|method|body|json|cache\w*|config|source|token)$/i;
// What makes a map of what stands in its parentheses.
const makers =
  /(?:^|[^\w])(?:dict|array|Hash|(?:Immutable)?Map\.of(?:Entries)?|(?:Hash|BTree|Index)Map::from(?:_iter)?|new Map|Object\.fromEntries|(?:vec|json|hash_?map)!)$/;

/** What a call passes for the variables of the prompt: under a name such as `variables`, or right behind the path. */
export function passedVariables({ entries, whole }: Arguments, language: CodeLanguage): PassedVariables | null {
  const { keys } = language;
  const option = findOption(entries.slice(1), variableOptions);
  const found = option ? valuesOf(option.value, keys) : directValues(entries.slice(1), language);
  return found && !whole ? { ...found, complete: false } : found;
}

/** The value of the first key that fits, at any depth; its nodes are none where the name alone stands for it. */
export function findOption(entries: readonly Entry[], name: RegExp, depth = 0): Option | null {
  for (const entry of entries) {
    const key = keyOf(entry, optionKeys);
    if (key && name.test(key.name)) return { value: key.value };
    for (const node of depth < 4 ? entry : []) {
      const inside = node.kind === 'group' ? findOption(node.entries, name, depth + 1) : null;
      if (inside) return inside;
    }
  }
  return null;
}

function directValues(entries: readonly Entry[], { keys, bareCalls }: CodeLanguage): PassedVariables | null {
  const [first] = entries;
  if (!first) return null;
  // Ruby's last arguments are a map without braces.
  const map = bareCalls && keyOf(first, keys) ? { entries, isList: false } : mapLiteral(first);
  if (!map) return null;
  const isOptions = map.entries.some((entry) => otherOptions.test(keyOf(entry, optionKeys)?.name ?? ''));
  const values = isOptions ? null : namesIn(map.entries, keys, map.isList);
  return values?.names.every(({ name }) => /^[A-Za-z_]\w*$/.test(name)) ? values : null;
}

function valuesOf(value: Entry, keys: Keys): PassedVariables {
  const map = mapLiteral(value);
  return map ? namesIn(map.entries, keys, map.isList) : hidden;
}

/** The entries of a map that is written out; `isList`: keys and values by turns. */
function mapLiteral(nodes: Entry): { entries: readonly Entry[]; isList: boolean } | null {
  let last = nodes.length - 1;
  while (last >= 0 && nodes[last]!.kind === 'word') last -= 1;
  const group = nodes[last];
  if (group?.kind !== 'group') return null;
  const before = nodes.slice(0, last);
  if (before.some((node) => node.kind === 'string' || (node.kind === 'mark' && !/^(?:[&*.!]|::)$/.test(node.text)))) {
    return null;
  }
  if (group.open !== '(') return { entries: group.entries, isList: false };
  const maker = before
    .map((node) => (node.kind === 'group' ? '' : node.kind === 'word' ? ` ${node.text}` : node.text))
    .join('');
  if (!makers.test(maker.replace(/([.!:]) /g, '$1'))) return null;
  const [only = [], ...others] = group.entries.filter(({ length }) => length > 0);
  const inner = others.length === 0 ? mapLiteral(only) : null;
  return inner ?? { entries: group.entries, isList: /Map\.of$/.test(maker.replaceAll(' ', '')) };
}

function namesIn(entries: readonly Entry[], keys: Keys, isList: boolean): PassedVariables {
  const names: PassedVariable[] = [];
  let complete = true;
  entries.forEach((entry, index) => {
    if (entry.length === 0 || (isList && index % 2 === 1)) return;
    const name = isList ? plainString(entry[0]) : (keyOf(entry, keys) ?? pairKey(entry));
    if (name) names.push({ name: name.name, start: name.start, end: name.end });
    else complete = false;
  });
  return { names, complete };
}

type Key = TextRange & { name: string; value: Entry };

/** `name: value` in all its spellings. */
function keyOf(entry: Entry, { names, shorthand }: Keys): Key | null {
  // Ruby's `:name => value`.
  const colon = entry[0]?.kind === 'mark' && entry[0].text === ':' && entry[1]?.kind === 'word' ? 1 : 0;
  const first = entry[colon];
  const then = entry[colon + 1];
  const separator = then?.kind === 'mark' ? then.text : null;
  const value = entry.slice(colon + 2);
  if (first?.kind === 'word') {
    const { text: name, start, end } = first;
    if (
      separator === '=>'
        ? colon === 1
        : separator !== null && (separator === names || (names === 'any' && /^[:=]$/.test(separator)))
    ) {
      return { name, start, end, value };
    }
    return separator === null && entry.length === 1 && shorthand ? { name, start, end, value: [] } : null;
  }
  if (separator === null || !/^(?::|=>|=)$/.test(separator)) return null;
  // C#'s `["name"] = value`, and keys of JavaScript that could be computed but are not.
  const inside =
    first?.kind === 'group' && first.open === '[' && first.entries.length === 1 ? first.entries[0]! : [first];
  const key = inside.length === 1 ? plainString(inside[0]) : null;
  return key && { ...key, value };
}

/** `("name", value)` and its like; `Map.entry("name", value)`. */
function pairKey(entry: Entry): Omit<Key, 'value'> | null {
  const group = entry.at(-1);
  const before = entry.slice(0, -1);
  const isPair = before.length === 0 || (before.at(-1)?.kind === 'word' && /entry$/i.test(wordOf(before.at(-1)!)));
  if (!isPair || group?.kind !== 'group' || group.entries.length < 2 || group.entries[0]!.length !== 1) return null;
  return plainString(group.entries[0]![0]);
}

function wordOf(node: Node): string {
  return node.kind === 'word' ? node.text : '';
}

/** The text inside the marks of a string that stands for exactly that. */
export function plainString(node: Node | undefined): (TextRange & { name: string }) | null {
  if (node?.kind !== 'string' || node.text === null) return null;
  return { name: node.text, start: node.part.from, end: node.part.to };
}
