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

/** The names used in these texts, each once, in the order they first appear. */
export function placeholderNames(texts: readonly string[]): string[] {
  const names = texts.flatMap((text) => findPlaceholders(text).filter(({ kind }) => kind === 'placeholder'));
  return [...new Set(names.map(({ name }) => name))];
}
