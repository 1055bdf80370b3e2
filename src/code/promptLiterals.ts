import { joinedFrom } from './joinedLiterals.ts';
import { languages } from './languages.ts';
import { codeBefore } from './partText.ts';
import { type Signal, signals } from './promptSignals.ts';
import { piecesOf, promptOf } from './promptText.ts';
import { type SourcePart, sourceParts } from './sourceParts.ts';
import type { PromptLiteral } from './types.ts';

const least = 24;
const mostRead = 6000;

/** String literals that read like prompts, in the order of the text; joined ones count as one. None for a language that is not known. */
export function findPromptLiterals(text: string, languageId: string): PromptLiteral[] {
  const language = Object.hasOwn(languages, languageId) ? languages[languageId]! : null;
  if (!language) return [];
  const parts = sourceParts(text, languageId);
  const source = { text, parts, language };
  const found: PromptLiteral[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index]!;
    if (part.kind !== 'string' || part.rule!.bytes || !part.closed) continue;
    const joined = joinedFrom(source, index);
    const { start, end } = joined.range;
    if (end - start >= least && speaks(text, part)) {
      const pieces = piecesOf(text, joined, languageId);
      const said = pieces && (promptOf(pieces)?.text ?? null);
      const literal =
        said !== null && said.length >= least ? scored(said, { text, parts, part, end }, languageId) : null;
      if (literal) found.push({ start, end, text: said!, ...literal });
    }
    index = Math.max(index, joined.last);
  }
  return found;
}

/** Most strings are no prose: what has no two words is not read further. */
function speaks(text: string, { from, to }: SourcePart): boolean {
  return /[A-Za-z]{2,} +[A-Za-z{$#<%]/.test(text.slice(from, Math.min(to, from + 400)));
}

type Place = { text: string; parts: readonly SourcePart[]; part: SourcePart; end: number };

function scored(
  said: string,
  { text, parts, part, end }: Place,
  languageId: string,
): Pick<PromptLiteral, 'score' | 'signals'> | null {
  const before = codeBefore(text, parts, part);
  const places = { text: said.slice(0, mostRead), before, after: text.slice(end, end + 80) };
  const names = new Set<string>();
  let score = 0;
  for (const signal of signals) {
    if (signal.name === 'docstring' && !(languageId === 'python' && isStatement(text, part))) continue;
    const hits = count(places[signal.in], signal);
    if (hits === 0) continue;
    score += hits * signal.weight;
    if (signal.weight > 0) names.add(signal.name);
  }
  // Binary fractions would let 0.7 + 0.3 miss the mark.
  const rounded = Math.round(score * 100) / 100;
  return rounded >= 1 ? { score: rounded, signals: [...names] } : null;
}

function count(text: string, { pattern, most = 1 }: Signal): number {
  if (!pattern.global) return pattern.test(text) ? 1 : 0;
  pattern.lastIndex = 0;
  let hits = 0;
  while (hits < most && pattern.test(text)) hits += 1;
  return hits;
}

/** Whether the literal begins its line, as docstrings do. */
function isStatement(text: string, { opener }: SourcePart): boolean {
  const line = text.slice(text.lastIndexOf('\n', opener.start - 1) + 1, opener.start);
  return line.trim() === '';
}
