type Counts = Map<string, number>;

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu) ?? [];

function gramsOf(words: readonly string[], n: number): Counts {
  const counts: Counts = new Map();
  for (let at = 0; at + n <= words.length; at++) {
    const gram = words.slice(at, at + n).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

const total = (counts: Counts) => [...counts.values()].reduce((sum, count) => sum + count, 0);

/** How many of `counts` stand in `limits` too, each at most as often as there. */
function shared(counts: Counts, limits: Counts): number {
  let sum = 0;
  for (const [gram, count] of counts) sum += Math.min(count, limits.get(gram) ?? 0);
  return sum;
}

/** ROUGE-N (Lin 2004): the share of the reference's runs of `n` words that the text has too, 0 to 1. Letter case is nothing. */
export function rougeRecall(text: string, reference: string, n: number): number {
  const wanted = gramsOf(wordsOf(reference), n);
  const all = total(wanted);
  return all === 0 ? 0 : shared(wanted, gramsOf(wordsOf(text), n)) / all;
}

/** Modified precision of BLEU: runs of `n` words that stand in a reference, each counted as often as in the one with most. */
export function modifiedPrecision(text: string, references: readonly string[], n: number): [number, number] {
  const own = gramsOf(wordsOf(text), n);
  const limits: Counts = new Map();
  for (const reference of references) {
    for (const [gram, count] of gramsOf(wordsOf(reference), n)) {
      limits.set(gram, Math.max(count, limits.get(gram) ?? 0));
    }
  }
  return [shared(own, limits), total(own)];
}

/**
 * BLEU (Papineni et al. 2002) of one text, 0 to 1: the geometric mean of the modified precisions of runs of one to four words,
 * cut where the text is shorter than the nearest reference. Of a text of less than four words only its own runs count.
 */
export function bleuScore(text: string, references: readonly string[]): number {
  const length = wordsOf(text).length;
  if (length === 0) return 0;
  const orders = [1, 2, 3, 4].filter((n) => n <= length);
  let logs = 0;
  for (const n of orders) {
    const [hits, all] = modifiedPrecision(text, references, n);
    if (hits === 0) return 0;
    logs += Math.log(hits / all) / orders.length;
  }
  const nearest = references
    .map((reference) => wordsOf(reference).length)
    .sort((a, b) => Math.abs(a - length) - Math.abs(b - length) || a - b)[0] as number;
  const brevity = length >= nearest ? 1 : Math.exp(1 - nearest / length);
  return brevity * Math.exp(logs);
}
