import type { RenderWarning } from '../../src/vault/types.ts';
import { plural } from '../shared/format.ts';

const phrases: Record<RenderWarning['kind'], (what: string, count: number) => string> = {
  undeclared: (what, count) =>
    `${what} ${count === 1 ? 'is' : 'are'} not declared and stay${count === 1 ? 's' : ''} as typed`,
  malformed: (what, count) =>
    `${what} ${count === 1 ? 'is' : 'are'} no placeholder and stay${count === 1 ? 's' : ''} as typed`,
  unused: (what, count) => `${what} ${count === 1 ? 'is' : 'are'} declared but never used`,
};
const shown = 3;

/** One line for each kind of warning, however many there are. */
export function warningLines(warnings: readonly RenderWarning[]): string[] {
  return (Object.keys(phrases) as RenderWarning['kind'][]).flatMap((kind) => {
    const texts = [...new Set(warnings.filter((warning) => warning.kind === kind).map(({ text }) => shorten(text)))];
    if (texts.length === 0) return [];
    const more = texts.length > shown ? ` and ${plural(texts.length - shown, 'other')}` : '';
    return [phrases[kind](texts.slice(0, shown).join(', ') + more, texts.length)];
  });
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
