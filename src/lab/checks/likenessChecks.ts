import type { Json } from '../../shared/json.ts';
import {
  type CheckContext,
  cannotJudge,
  isObject,
  kind,
  quote,
  type Ready,
  readText,
  type Verdict,
} from './checkKind.ts';
import { distanceWithin } from './levenshtein.ts';
import { bleuScore, rougeRecall } from './ngrams.ts';

const round = (score: number) => Number(score.toFixed(4));

function readShare(threshold: number | undefined, usual: number): number {
  const share = threshold ?? usual;
  if (share >= 0 && share <= 1) return share;
  throw new Error('its threshold is a share from 0 to 1');
}

function readReferences(value: Json | undefined): string[] {
  const texts = Array.isArray(value) ? value.map(readText) : [readText(value)];
  if (texts.length > 0) return texts;
  throw new Error('it needs a text to compare with');
}

function levenshtein(output: string, { value, threshold = 5 }: Ready<string>): Verdict {
  const distance = distanceWithin(output, value, threshold);
  if (distance === 'too long') throw cannotJudge('The texts are too long for levenshtein; take rouge-n or similar');
  const far = distance === null ? `more than ${threshold}` : String(distance);
  return {
    holds: distance !== null,
    reason: `Output is ${far} edits from ${quote(value)}, at most ${threshold} wanted`,
  };
}

type Rouge = { text: string; n: number };

function readRouge(value: Json | undefined): Rouge {
  if (!isObject(value)) return { text: readText(value), n: 1 };
  const { text, n = 1, ...others } = value;
  if (Object.keys(others).length > 0) throw new Error('it takes {"text", "n"}');
  if (n !== 1 && n !== 2 && n !== 3 && n !== 4) throw new Error('its n is 1, 2, 3 or 4');
  return { text: readText(text), n };
}

function graded(score: number, share: number, name: string): Verdict {
  return { holds: score >= share, score, reason: `${name} is ${round(score)}, at least ${share} wanted` };
}

async function similar(output: string, ready: Ready<string[]>, { judge, signal }: CheckContext): Promise<Verdict> {
  const { value, threshold, check } = ready;
  if (!judge) throw cannotJudge('No embedding model was chosen');
  const { found, cost } = await judge.similarity(output, value, { model: check.model, signal });
  const best = Math.max(...found);
  // Texts that point away from each other are no less alike than unrelated ones.
  const score = Math.min(1, Math.max(0, best));
  return { ...graded(score, readShare(threshold, 0.8), 'Cosine similarity'), judge: cost };
}

const sharing =
  <Value>(usual: number, read: (value: Json | undefined) => Value) =>
  (value: Json | undefined, { threshold }: { threshold?: number }) => {
    readShare(threshold, usual);
    return read(value);
  };

export const likenessChecks = {
  levenshtein: kind<string>({
    by: 'rule',
    about: 'so few letters must be put in, taken out or changed to make the output this text',
    value: 'a text',
    example: 'levenshtein(3):Your card is blocked.',
    threshold: { about: 'edits at most', usual: 5 },
    read: readText,
    judge: levenshtein,
  }),
  'rouge-n': kind<Rouge>({
    by: 'rule',
    about: 'the share of the text’s words (or runs of n words) that the output has too: ROUGE-N recall',
    value: 'a text, or {"text", "n"} with n from 1 to 4',
    example: 'rouge-n(0.6):The card was blocked after three wrong PINs.',
    threshold: { about: 'share at least', usual: 0.75 },
    read: sharing(0.75, readRouge),
    judge: (output, { value: { text, n }, threshold }) =>
      graded(rougeRecall(output, text, n), readShare(threshold, 0.75), `ROUGE-${n}`),
  }),
  bleu: kind<string[]>({
    by: 'rule',
    about: 'how much of the output stands in the texts in runs of one to four words: BLEU of one sentence',
    value: 'a text, or a list of texts that are all right',
    example: 'bleu(0.4):The card was blocked after three wrong PINs.',
    threshold: { about: 'score at least', usual: 0.5 },
    read: sharing(0.5, readReferences),
    judge: (output, { value, threshold }) => graded(bleuScore(output, value), readShare(threshold, 0.5), 'BLEU'),
  }),
  similar: kind<string[]>({
    by: 'embeddings',
    about: 'the output means nearly the same, by the cosine of embeddings',
    value: 'a text, or a list of which the nearest counts',
    example: 'similar(0.85):Your card was blocked.',
    threshold: { about: 'similarity at least', usual: 0.8 },
    read: sharing(0.8, readReferences),
    judge: similar,
  }),
};
