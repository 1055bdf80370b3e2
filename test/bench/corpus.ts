/** Texts for benchmarks: the same at every run, word frequencies and lengths as prompts have them. */
const vocabularySize = 20_000;
const syllables =
  'ba be bi bo bu da de di do du fa fe fi ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu pa pe pi po ra re ri ro ru sa se si so su ta te ti to tu va ve vi wa we za ze'.split(
    ' ',
  );
const frequent = 'the to and of a in is for you that as with be it or on this answer user not'.split(' ');

/** A generator of numbers in 0..1 that begins the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** By rank: the first is the commonest. No word is the beginning of all others, none is there twice. */
export const vocabulary: readonly string[] = (() => {
  const random = randomFrom(7);
  const words = new Set(frequent);
  while (words.size < vocabularySize) {
    const length = 2 + Math.floor(random() * 3);
    let word = '';
    for (let i = 0; i < length; i += 1) word += syllables[Math.floor(random() * syllables.length)];
    words.add(word);
  }
  return [...words];
})();

/** Ranks drawn so that rank r comes with a weight of 1 / r (Zipf). */
function zipfTable(size: number, slots: number): Uint16Array {
  const weights = Array.from({ length: size }, (_, i) => 1 / (i + 1));
  const sum = weights.reduce((a, b) => a + b, 0);
  const table = new Uint16Array(slots);
  let rank = 0;
  let reached = weights[0]! / sum;
  for (let i = 0; i < slots; i += 1) {
    while (i / slots > reached && rank < size - 1) {
      rank += 1;
      reached += weights[rank]! / sum;
    }
    table[i] = rank;
  }
  return table;
}
const wordRanks = zipfTable(vocabularySize, 1 << 18);
const tagRanks = zipfTable(200, 1 << 12);

export const wordAt = (random: () => number) => vocabulary[wordRanks[Math.floor(random() * wordRanks.length)]!]!;
export const tagAt = (random: () => number) => `tag-${tagRanks[Math.floor(random() * tagRanks.length)]! + 1}`;

export function words(random: () => number, count: number): string {
  let text = wordAt(random);
  for (let i = 1; i < count; i += 1) text += (i % 12 === 0 ? '. ' : ' ') + wordAt(random);
  return text;
}

/** Words of a prompt's text: 426 bytes in the mean, most short, one in a thousand about 20 KB. */
export function bodyLength(random: () => number): number {
  if (random() < 0.001) return 3500;
  return Math.max(5, Math.round(45 * Math.exp((random() + random() + random() - 1.5) * 1.3)));
}
