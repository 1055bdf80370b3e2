import { vocabulary } from './corpus.ts';
import { measureReads, type Opened } from './readTwice.ts';
import { atMost, type Measure, type Pair } from './timing.ts';

const ranks = (from: number, count: number, step: number) =>
  Array.from({ length: count }, (_, i) => vocabulary[from + i * step]!);

/** Searching: top 50. Raw is what one would write first: all hits ranked, or matched, by the same index. */
export function searchMeasures(file: string, size: number): Measure[] {
  return measureReads(file, (opened) => searchPairs(opened, size));
}

function searchPairs({ vault, raw }: Opened, size: number): Pair<string>[] {
  const ranked = raw.prepare(
    `SELECT rowid FROM prompts_fts WHERE prompts_fts MATCH ? ORDER BY bm25(prompts_fts, 10.0, 8.0, 4.0, 6.0, 1.0) LIMIT 50`,
  );
  const like = raw.prepare(`SELECT path FROM prompts WHERE path LIKE ? OR title LIKE ? OR description LIKE ? LIMIT 50`);
  const word = (what: string, inputs: string[]): Pair<string> => ({
    what: `search top 50: ${what}`,
    size,
    inputs,
    ours: (search) => vault.list({ search, limit: 50 }),
    raw: (search) =>
      ranked.all(
        search
          .split(' ')
          .map((one) => `"${one}"`)
          .join(' '),
      ),
    goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 50)],
  });
  return [
    word('rare words', ranks(8000, 60, 190)),
    word('middling words', ranks(300, 40, 20)),
    word('common words', ranks(1, 40, 1)),
    word('the commonest word', Array<string>(8).fill(vocabulary[0]!)),
    word(
      'two words',
      ranks(2, 30, 3).map((one, i) => `${one} ${vocabulary[400 + i * 7]}`),
    ),
    {
      what: 'search top 50: beginnings of 2 to 5 letters (raw: all hits ranked)',
      size,
      inputs: ranks(200, 40, 30).map((one, i) => one.slice(0, 2 + (i % 4))),
      ours: (search) => vault.list({ search, limit: 50 }),
      raw: (search) => ranked.all(`"${search}"*`),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 50)],
    },
    {
      what: 'substring in paths, titles, descriptions (raw: LIKE)',
      size,
      inputs: ranks(2000, 30, 90).map((one, i) => one.slice(1, 5 + (i % 3))),
      ours: (search) => vault.list({ search, limit: 50 }),
      raw: (search) => like.all(`%${search}%`, `%${search}%`, `%${search}%`),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 100)],
    },
  ];
}
