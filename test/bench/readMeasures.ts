import { stages } from '../../src/vault/types.ts';
import { openVault } from '../../src/vault/vault.ts';
import { randomFrom } from './corpus.ts';
import { folderAt, makePrompt } from './makePrompt.ts';
import { openRawVault } from './rawVault.ts';
import { atMost, type Measure, sideBySide } from './timing.ts';

const columns = `p.path, p.title, p.description, p.dev, p.tst, p.prd, p.ret, p.latest, p.updated_at,
  (SELECT json_group_array(tag) FROM prompt_tags WHERE prompt_id = p.id)`;
const stageColumns = { DEV: 'dev > 0', TST: 'tst > 0', PRD: 'prd > 0', RET: 'ret > 0' };

/** Reading: production, pages, counts, history. */
export function readMeasures(file: string, size: number): Measure[] {
  const vault = openVault(file, { actor: 'bench', mode: 'read' });
  const raw = openRawVault(file);
  const random = randomFrom(size + 5);
  const numbers = (n: number) => Array.from({ length: n }, () => Math.floor(random() * size));
  const released = numbers(4000)
    .map((i) => makePrompt(i, size))
    .filter(({ versions }) => versions.some(({ stage }) => stage === 'PRD'))
    .map(({ path }) => path);
  const folders = [...new Set(numbers(300).map((i) => folderAt(i, size)))];
  const areas = [...new Set(folders.map((folder) => folder.split('/')[0]!))];
  const paths = numbers(300).map((i) => makePrompt(i, size).path);
  const tagged = Array.from({ length: 200 }, (_, i) => ({ tag: `tag-${(i % 100) + 1}`, stage: stages[i % 4]! }));

  const production = raw.prepare(`SELECT messages, settings, variables FROM contents WHERE hash = (
    SELECT content_hash FROM versions WHERE stage = 'PRD' AND prompt_id = (SELECT id FROM prompts WHERE path = ?))`);
  const ofFolder = raw.prepare(`SELECT ${columns} FROM prompts p WHERE folder = ? ORDER BY path LIMIT 200`);
  const below = raw.prepare(`SELECT ${columns} FROM prompts p WHERE path > ? AND path < ? ORDER BY path LIMIT 200`);
  const after = raw.prepare(`SELECT ${columns} FROM prompts p WHERE path > ? ORDER BY path LIMIT 200`);
  const ofTag = Object.fromEntries(
    stages.map((stage) => [
      stage,
      raw.prepare(`SELECT ${columns} FROM (SELECT prompt_id, path FROM prompt_tags WHERE tag = ? AND ${stageColumns[stage]}
        ORDER BY path LIMIT 200) t CROSS JOIN prompts p ON p.id = t.prompt_id ORDER BY t.path`),
    ]),
  );
  const counts = raw.prepare(`SELECT dev, tst, prd, ret FROM counts WHERE kind = 'folder' AND name = ''`);
  const scan = raw.prepare(`SELECT stage, count(*) FROM versions GROUP BY stage`);
  const folderCounts = raw.prepare(
    `SELECT name, total FROM counts WHERE kind = 'folder' AND parent = ? ORDER BY name LIMIT 200`,
  );
  const versionsOf = raw.prepare(
    `SELECT v.*, c.settings, c.variables FROM versions v JOIN contents c ON c.hash = v.content_hash WHERE prompt_id =
       (SELECT id FROM prompts WHERE path = ?) ORDER BY major DESC, minor DESC`,
  );
  const eventsOf = raw.prepare(
    'SELECT * FROM events WHERE prompt_id = (SELECT id FROM prompts WHERE path = ?) ORDER BY seq',
  );

  const measures = [
    sideBySide({
      what: 'fetch of the PRD version by path',
      size,
      inputs: released,
      ours: (ref) => vault.get({ ref }),
      raw: (path) => production.get(path),
      goals: ({ ratio }) => [atMost('ours / raw', ratio, 1.2)],
    }),
    sideBySide({
      what: 'page of 200 of a folder',
      size,
      inputs: folders,
      ours: (folder) => vault.list({ folder, direct: true }),
      raw: (folder) => ofFolder.all(folder),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 10)],
    }),
    sideBySide({
      what: 'page of 200 of a folder with what is below',
      size,
      inputs: areas,
      ours: (folder) => vault.list({ folder }),
      raw: (folder) => below.all(`${folder}/`, `${folder}0`),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 10)],
    }),
    sideBySide({
      what: 'page of 200 anywhere in the vault, by keyset',
      size,
      inputs: paths,
      ours: (path) => vault.list({ after: path }),
      raw: (path) => after.all(path),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 10)],
    }),
    sideBySide({
      what: 'filter by tag + stage, page of 200',
      size,
      inputs: tagged,
      ours: ({ tag, stage }) => vault.list({ tag, stage }),
      raw: ({ tag, stage }) => ofTag[stage]!.all(tag),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 10)],
    }),
    sideBySide({
      what: 'counts per stage',
      size,
      inputs: numbers(200),
      ours: () => vault.groups({ by: 'stage' }),
      raw: () => counts.get(),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 1)],
    }),
    sideBySide({
      what: 'counts per stage (raw: counted by GROUP BY)',
      size,
      inputs: numbers(6),
      ours: () => vault.groups({ by: 'stage' }),
      raw: () => scan.all(),
    }),
    sideBySide({
      what: 'folders of one level with their counts',
      size,
      inputs: ['', ...areas],
      ours: (parent) => vault.groups({ by: 'folder', parent }),
      raw: (parent) => folderCounts.all(parent),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 10)],
    }),
    sideBySide({
      what: 'history of a prompt (5 versions and their events)',
      size,
      inputs: paths,
      ours: (path) => vault.history({ path }),
      raw: (path) => [versionsOf.all(path), eventsOf.all(path)],
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 1)],
    }),
  ];
  raw.close();
  vault.close();
  return measures;
}
