/** Terminal controls but tab and line feed, and letters that reorder or hide text. Joiners stay: scripts and emoji need them. */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Text of a vault or a model for a terminal: whatever could command it, reorder or hide words is shown as `\u{…}`. */
export function plainText(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(unsafe, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same in one line. */
export function plainLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim();
}
