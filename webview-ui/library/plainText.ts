import { findPlaceholders } from '../shared/placeholders.ts';

// Marks of direction and what takes no room can make a text read as another than it is. Joiners stay: languages and emoji need them.
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/** A text with what cannot be seen in it written out, such as `⟨U+202E⟩`. */
export function showHidden(text: string): string {
  return text.replace(hidden, (one) => `⟨U+${one.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

export type TextPart = { text: string; kind: 'text' | 'variable' };

/** A prompt's text in pieces: its variables, and what stands between them. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const found of findPlaceholders(text)) {
    if (found.kind !== 'placeholder') continue;
    if (found.from > from) parts.push({ text: text.slice(from, found.from), kind: 'text' });
    parts.push({ text: text.slice(found.from, found.to), kind: 'variable' });
    from = found.to;
  }
  if (from < text.length) parts.push({ text: text.slice(from), kind: 'text' });
  return parts;
}

type Said = { role: string; content: string };

/** Messages as one text to paste: a single one as it is, several each below its role. */
export function messagesText(messages: readonly Said[]): string {
  if (messages.length === 1) return messages[0]!.content;
  return messages.map(({ role, content }) => `# ${role.toUpperCase()}\n\n${content}\n`).join('\n');
}
