/** Texts between commas, trimmed, empty ones left out. In quotes a comma is a letter and two quotes are one. */
export function splitList(text: string): string[] {
  const texts: string[] = [];
  let at = 0;
  while (at < text.length) {
    while (/\s/.test(text[at] ?? '')) at += 1;
    const quoted = text[at] === '"' ? readQuoted(text, at) : null;
    const end = quoted?.end ?? commaAfter(text, at);
    texts.push(quoted?.text ?? text.slice(at, end).trim());
    at = end + 1;
  }
  return texts.filter((one) => one !== '');
}

/** A text in quotes that ends before a comma or the end; null when it is only a text that begins with a quote. */
function readQuoted(text: string, start: number): { text: string; end: number } | null {
  let inner = '';
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '"') inner += text[at];
    else if (text[at + 1] === '"') {
      inner += '"';
      at += 1;
    } else {
      const end = commaAfter(text, at);
      return text.slice(at + 1, end).trim() === '' ? { text: inner, end } : null;
    }
  }
  return null;
}

function commaAfter(text: string, from: number): number {
  const comma = text.indexOf(',', from);
  return comma < 0 ? text.length : comma;
}
