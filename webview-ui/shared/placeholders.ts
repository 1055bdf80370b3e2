/** A stretch of text in braces, for highlighting. Offsets are UTF-16 units. */
export type Placeholder = { kind: 'placeholder' | 'malformed'; name: string; from: number; to: number };

const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
// Reads a text as the vault's renderer does; a test holds the two together.
const tokens =
  /\\\{\{|\{\{[ \t]*(?<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}|\{\{(?!\{)(?:(?!\{\{|\}\})[\s\S])*\}\}|\{\{(?!\{)[^{}\\\n]{0,20}/g;

export function isVariableName(text: string): boolean {
  return namePattern.test(text);
}

/** Every `{{…}}` of a text. A literal `\{{` is left out; other braces stay as typed and are `malformed`. */
export function findPlaceholders(text: string): Placeholder[] {
  const found: Placeholder[] = [];
  for (const match of text.matchAll(tokens)) {
    if (match[0].startsWith('\\')) continue;
    const name = match.groups?.name ?? '';
    const kind = name ? 'placeholder' : 'malformed';
    found.push({ kind, name, from: match.index, to: match.index + match[0].length });
  }
  return found;
}

// A page asks for the names of the same few texts at every key; the texts in hand are enough to remember.
const remembered = new Map<string, readonly string[]>();
const mostRemembered = 16;

function namesIn(text: string): readonly string[] {
  const known = remembered.get(text);
  if (known) return known;
  const found = findPlaceholders(text).flatMap(({ kind, name }) => (kind === 'placeholder' ? name : []));
  const names = [...new Set(found)];
  if (remembered.size >= mostRemembered) remembered.delete(remembered.keys().next().value ?? '');
  remembered.set(text, names);
  return names;
}

/** The names used in these texts, each once, in the order they first appear. */
export function placeholderNames(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap(namesIn))];
}
