/** A YAML block's text: `header` is its `|` or `>` with what follows, `body` the lines below. Null when its indentation is told by a number. */
export function blockText(header: string, body: string): string | null {
  if (/\d/.test(header)) return null;
  const lines = body.replace(/\n$/, '').split('\n');
  const first = lines.find((line) => line.trim() !== '');
  const indent = first === undefined ? 0 : /^ */.exec(first)![0].length;
  const texts = lines.map((line) => line.slice(Math.min(indent, /^ */.exec(line)![0].length)));
  let blanks = 0;
  while (texts.length > 0 && texts.at(-1)!.trim() === '') {
    texts.pop();
    blanks += 1;
  }
  const text = header.startsWith('>') ? folded(texts) : texts.join('\n');
  if (header.includes('-')) return text;
  const end = header.includes('+') ? '\n'.repeat(blanks) : '';
  return text === '' ? end : `${text}\n${end}`;
}

/** Lines that are no deeper than the first are joined; a line that is blank ends one. */
function folded(lines: readonly string[]): string {
  let text = '';
  let blanks = 0;
  let before: string | null = null;
  for (const line of lines) {
    if (line === '') {
      blanks += 1;
      continue;
    }
    const isDeeper = /^[ \t]/.test(line) || (before !== null && /^[ \t]/.test(before));
    if (before === null) text += '\n'.repeat(blanks);
    else if (isDeeper) text += '\n'.repeat(blanks + 1);
    else text += blanks === 0 ? ' ' : '\n'.repeat(blanks);
    text += line;
    before = line;
    blanks = 0;
  }
  return text;
}

/** The lines of a quoted YAML text as one; its escapes stay. */
export function foldLines(text: string): string {
  if (!text.includes('\n')) return text;
  return text.replace(/(\\*)[ \t]*\n((?:[ \t]*\n)*)[ \t]*/g, (_, slashes: string, blanks: string) => {
    // A backslash that is none of a pair takes the first line end away.
    const isEscaped = slashes.length % 2 === 1;
    const count = blanks.split('\n').length - (isEscaped ? 1 : 0);
    return slashes.slice(isEscaped ? 1 : 0) + (count === 1 ? ' ' : '\n'.repeat(Math.max(0, count - 1)));
  });
}
