/** What a model wrote, for a terminal: nothing in it may move the cursor, set a title or reach the clipboard. */
export function plainText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/\p{Cc}/gu, (char) => (char === '\t' || char === '\n' ? char : '\ufffd'));
}

/** The same as lines of a terminal, cut where it gets long. */
export function terminalText(text: string, longest = 4000): string {
  const plain = plainText(text);
  const shown = plain.length > longest ? `${plain.slice(0, longest)}… (${plain.length} characters)` : plain;
  return shown.replaceAll('\n', '\r\n');
}
