/** Vault text for an editor's own pop-ups: what would move, hide or reorder words is shown as a mark instead. */
export function shownText(text: string): string {
  const unsafe = /[\p{Cc}\p{Bidi_Control}\u00ad\u200b\u2060\ufeff]/gu;
  return text.replace(/\r\n?/g, '\n').replace(unsafe, (letter) => (/[\t\n]/.test(letter) ? letter : '\ufffd'));
}

/** The beginning of a text: at most so many letters, and so many lines if told. */
export function cutText(text: string, letters: number, lines = Number.POSITIVE_INFINITY): string {
  const kept = text.split('\n', lines === Number.POSITIVE_INFINITY ? undefined : lines).join('\n');
  const short = kept.length > letters ? kept.slice(0, letters).replace(/[\ud800-\udbff]$/, '') : kept;
  return short.length < text.length ? `${short}…` : short;
}
