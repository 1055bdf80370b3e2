import { SaxesParser } from 'saxes';

/** Why a text is no well-formed XML document with these elements (paths from the root, as `root.child`); null when it is. */
export function xmlProblem(text: string, elements: readonly string[]): string | null {
  const path: string[] = [];
  const seen = new Set<string>();
  // As an object: assigned from a callback, a plain variable would still count as null.
  const first: { problem: string | null } = { problem: null };
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => {
    path.push(name);
    seen.add(path.join('.'));
  });
  parser.on('closetag', () => path.pop());
  parser.on('error', ({ message }) => {
    first.problem ??= message;
  });
  // Entities are never expanded beyond XML's own five, so no text can grow.
  parser.write(text.trim()).close();
  if (first.problem !== null) return first.problem;
  const missing = elements.filter((element) => !seen.has(element));
  return missing.length === 0 ? null : `${missing.join(', ')} is missing`;
}
