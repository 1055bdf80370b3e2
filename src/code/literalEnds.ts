/** Behind the regular expression that begins with the slash at `at`; null when none ends on its line. */
export function regexEnd(text: string, at: number): number | null {
  let inClass = false;
  for (let end = at + 1; end < text.length && text[end] !== '\n'; end += 1) {
    const letter = text[end];
    if (letter === '\\') end += 1;
    else if (letter === '[') inClass = true;
    else if (letter === ']') inClass = false;
    else if (letter === '/' && !inClass) return end + 1;
  }
  return null;
}

/** Behind the comment whose inside begins at `from`, and where its text ends. `ends` may match openings in group 1, which nest. */
export function commentEnd(text: string, from: number, ends: RegExp): { to: number; end: number } {
  ends.lastIndex = from;
  let nested = 0;
  for (let match = ends.exec(text); match; match = ends.exec(text)) {
    if (match[1]) nested += 1;
    else if (nested === 0) return { to: match.index, end: ends.lastIndex };
    else nested -= 1;
  }
  return { to: text.length, end: text.length };
}

/** The lines below a YAML value's `|` or `>` at `at` that are indented deeper than what the value belongs to. */
export function blockLines(text: string, at: number): { from: number; to: number } {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const [lead = ''] = /^ *(?:- +)*/.exec(line) ?? [];
  // Without a key in between, the value belongs to the last dash.
  const indent = lead.length === line.length ? lead.lastIndexOf('-') : lead.length;
  const newline = text.indexOf('\n', at);
  const from = newline < 0 ? text.length : newline + 1;
  let to = from;
  while (to < text.length) {
    let letter = to;
    while (text[letter] === ' ') letter += 1;
    const isBlank = letter === text.length || text[letter] === '\n' || text[letter] === '\r';
    if (!isBlank && letter - to <= indent) break;
    const end = text.indexOf('\n', letter);
    to = end < 0 ? text.length : end + 1;
  }
  return { from, to };
}
