import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importPrompts } from '../../src/exchange/importPrompts.ts';
import type { Message } from '../../src/vault/types.ts';
import { openVault } from '../../src/vault/vault.ts';
import { randomFrom } from './corpus.ts';
import { makePrompt } from './makePrompt.ts';
import { openRawVault } from './rawVault.ts';
import { rawWrites } from './rawWrites.ts';
import { atMost, type Measure, sideBySide, timesOf } from './timing.ts';

/** Single durable writes to different prompts of the kept vault, which therefore changes a little with each run. */
export function writeMeasures(file: string, size: number): Measure[] {
  const vault = openVault(file, { actor: 'bench' });
  const raw = openRawVault(file);
  const bare = rawWrites(raw);
  const random = randomFrom(Date.now());
  const drafts = new Set<string>();
  while (drafts.size < Math.min(400, size / 5)) {
    const { path, versions } = makePrompt(Math.floor(random() * size), size);
    if (versions.at(-1)?.stage === 'DEV' && vault.show({ ref: `${path}@1.4` }).stage === 'DEV') drafts.add(path);
  }
  const pairs = [...drafts].flatMap((mine, i, all) => (i % 2 ? [] : [{ mine, other: all[i + 1] ?? mine, i }]));
  const text = (i: number) => `Edited in run ${Date.now()}, number ${i}: {{input}}`;
  const goals: Parameters<typeof sideBySide>[0]['goals'] = ({ ratio }) => [atMost('ours / raw', ratio, 2)];
  const measures = [
    sideBySide({
      what: 'edit of a draft, durable',
      size,
      inputs: pairs,
      ours: ({ mine, i }) => vault.edit({ ref: `${mine}@1.4`, messages: [{ role: 'user', content: text(i) }] }),
      raw: ({ other, i }) => bare.transaction(() => bare.edit(other, text(i + 0.5))),
      goals,
    }),
    sideBySide({
      what: 'promotion DEV → TST, durable',
      size,
      inputs: pairs,
      ours: ({ mine }) => vault.promote({ ref: `${mine}@1.4` }),
      raw: ({ other }) => bare.transaction(() => bare.promote(other)),
      goals,
    }),
  ];
  raw.close();
  vault.close();
  return measures;
}

type Row = { path: string; title: string; description: string; tags: string[]; messages: Message[] };
const batch = 32;

/** An import of 10,000 prompts into a new vault beside bare inserts of the same rows, in commits of the same size. */
export async function importMeasure(count = 10_000): Promise<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'promptvault-bench-'));
  const rows: Row[] = Array.from({ length: count }, (_, i) => {
    const { path, title, description, tags, versions } = makePrompt(i, count);
    return { path, title, description, tags, messages: JSON.parse(versions[0]!.messages) };
  });
  const source = join(folder, 'prompts.json');
  writeFileSync(source, JSON.stringify(rows.map((row) => ({ ...row, settings: { temperature: 0.2 } }))));
  const place = (name: string) => join(folder, name, '.promptvault', 'vault.db');

  const vault = openVault(place('ours'), { actor: 'bench', mode: 'create' });
  const begun = performance.now();
  const report = await importPrompts(vault, { sources: [source] });
  const oursMs = performance.now() - begun;
  vault.close();
  if (report.created.length !== count) throw new Error(`${report.created.length} of ${count} prompts imported`);

  openVault(place('raw'), { actor: 'bench', mode: 'create' }).close();
  const raw = openRawVault(place('raw'));
  const bare = rawWrites(raw);
  const rawBegun = performance.now();
  for (let from = 0; from < rows.length; from += batch) {
    bare.transaction(() => rows.slice(from, from + batch).forEach(bare.create));
  }
  const rawMs = performance.now() - rawBegun;
  raw.close();
  rmSync(folder, { recursive: true });
  const ratio = rawMs / oursMs;
  return {
    what: `import of ${count} prompts (whole)`,
    size: null,
    ours: timesOf([oursMs]),
    raw: timesOf([rawMs]),
    ratio: oursMs / rawMs,
    goals: [{ text: 'rate ≥ 0.5 × raw', actual: ratio, met: ratio >= 0.5 }],
    note: `${Math.round((count / oursMs) * 1000)} prompts/s, raw ${Math.round((count / rawMs) * 1000)}`,
  };
}
