import type { Message, Role } from '../vault/types.ts';

/** A message in the text: its heading and what stands below it, as offsets. `form` says how the content is written. */
export type Section = {
  role: Role;
  form: 'plain' | 'CRLF' | 'escaped';
  start: number;
  headingEnd: number;
  bodyStart: number;
  end: number;
};
/** Why a text is no prompt, for a person; `offset` is where. */
export type TextProblem = { message: string; offset: number };
export type ReadText = { messages: Message[]; problem?: undefined } | { messages?: undefined; problem: TextProblem };

const roles = { SYSTEM: 'system', USER: 'user', ASSISTANT: 'assistant' } as const satisfies Record<
  Uppercase<Role>,
  Role
>;
export const headings = Object.keys(roles).map((role) => `# ${role}`);

const headingLine = '# (SYSTEM|USER|ASSISTANT)(?: \\((CRLF|escaped)\\))?[ \\t]*';
// `^` and `$` without the flag m: only "\n" ends a line here, whatever else JavaScript takes for one.
const heading = new RegExp(`(?<=^\\uFEFF?|\\n)${headingLine}(?:\\r?\\n|\\r?$)`, 'g');
const looksLikeHeading = new RegExp(`(?<=^|\\n)(?=\\\\*${headingLine}(?:\\n|$))`, 'g');
const guardedHeading = new RegExp(`(?<=^|\\n)\\\\(?=\\\\*${headingLine}(?:\\n|$))`, 'g');

/** What an editor would change or ask about when it reads or saves a text. */
const fragile: Record<string, string> = { '\r': 'r', '\0': '0', '\u2028': 'u2028', '\u2029': 'u2029', '\\': '\\' };
const needsEscape = /[\r\0\u2028\u2029]/;
const escapable = /[\r\0\u2028\u2029\\]/g;
const escapes = /\\(r|0|u2028|u2029|\\)/g;
const unescaped = Object.fromEntries(Object.entries(fragile).map(([character, code]) => [code, character]));

/**
 * Messages as a text for people: a heading per message (`# USER`), an empty line, the content. Every content comes back from
 * `readMessages` as it was: a line that looks like a heading gets a backslash before it, and a content whose line ends an
 * editor would change says so in its heading, `(CRLF)` or `(escaped)`.
 */
export function printMessages(messages: readonly Message[]): string {
  return `${messages.map(printMessage).join('\n\n')}\n`;
}

function printMessage({ role, content }: Message): string {
  const [form, text] = write(content);
  return `# ${role.toUpperCase()}${form && ` (${form})`}\n\n${text.replace(looksLikeHeading, '\\')}`;
}

function write(content: string): [form: '' | 'CRLF' | 'escaped', text: string] {
  if (!needsEscape.test(content)) return ['', content];
  const lines = content.replaceAll('\r\n', '\n');
  if (!needsEscape.test(lines) && lines.replaceAll('\n', '\r\n') === content) return ['CRLF', lines];
  return ['escaped', content.replace(escapable, (one) => `\\${fragile[one]}`)];
}

/** The messages of a text, by their headings. */
export function findSections(text: string): Section[] {
  const found = [...text.matchAll(heading)];
  return found.map((match, index) => {
    const bodyStart = match.index + match[0].length;
    return {
      role: roles[match[1] as keyof typeof roles],
      form: (match[2] ?? 'plain') as Section['form'],
      start: match.index,
      headingEnd: match.index + match[0].trimEnd().length,
      bodyStart,
      end: found[index + 1]?.index ?? text.length,
    };
  });
}

/** What `printMessages` wrote, or a person after it: empty lines that are missing around a heading are no problem. */
export function readMessages(text: string): ReadText {
  const sections = findSections(text);
  const [first] = sections;
  const before = text.slice(0, first?.start).replace(/^\uFEFF/, '');
  const stray = before.search(/\S/);
  if (stray >= 0) {
    const offset = text.indexOf(before) + stray;
    const message = `This text belongs to no message. Write a heading above it: ${headings.join(', ')}`;
    return { problem: { message, offset } };
  }
  if (!first) {
    const message = `A prompt needs at least one message. Begin it with a heading: ${headings.join(', ')}`;
    return { problem: { message, offset: 0 } };
  }
  const messages = sections.map((section, index) => {
    const body = text.slice(section.bodyStart, section.end).replaceAll('\r\n', '\n').replace(/^\n/, '');
    const layout = index === sections.length - 1 ? /\n?$/ : /\n{0,2}$/;
    return { role: section.role, content: read(body.replace(layout, ''), section.form) };
  });
  return { messages };
}

function read(body: string, form: Section['form']): string {
  const text = body.replace(guardedHeading, '');
  if (form === 'CRLF') return text.replaceAll('\n', '\r\n');
  return form === 'escaped' ? text.replace(escapes, (_, code: string) => unescaped[code]!) : text;
}
