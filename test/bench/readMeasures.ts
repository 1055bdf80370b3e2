import type { ContentTexts } from '../../src/vault/canonical.ts';
import { stages } from '../../src/vault/types.ts';
import { randomFrom } from './corpus.ts';
import { folderAt, makePrompt } from './makePrompt.ts';
import { measureReads, type Opened } from './readTwice.ts';
import { atMost, type Measure, type Pair } from './timing.ts';

const columns = `p.path, p.title, p.description, p.dev, p.tst, p.prd, p.ret, p.latest, p.updated_at,
  (SELECT json_group_array(tag) FROM prompt_tags WHERE prompt_id = p.id)`;
const stageColumns = { DEV: 'dev > 0', TST: 'tst > 0', PRD: 'prd > 0', RET: 'ret > 0' };

/** The measure that must not grow with the vault. */
export const fetchName = 'fetch of the PRD version by path (raw: the same row, its JSON parsed)';

type Row = ContentTexts & { hash: string; major: number; minor: number };

/** What an application would write by hand: the row, its JSON parsed; nothing is checked. */
function parsed(path: string, { major, minor, hash, messages, settings, variables }: Row) {
  return {
    path,
    version: `${major}.${minor}`,
    hash,
    messages: JSON.parse(messages),
    settings: JSON.parse(settings),
    variables: JSON.parse(variables),
  };
}

/** Reading: production, pages, counts, history. */
export function readMeasures(file: string, size: number): Measure[] {
  const inputs = sample(size);
  return measureReads(file, (opened) => readPairs(opened, size, inputs));
}

function sample(size: number) {
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
  return { released, folders, areas, paths, tagged, times: (count: number) => numbers(count) };
}

function readPairs({ vault, raw }: Opened, size: number, inputs: ReturnType<typeof sample>) {
  const { released, folders, areas, paths, tagged, times } = inputs;
  const production = raw.prepare<[string], Row>(`SELECT c.hash, c.messages, c.settings, c.variables, v.major, v.minor
    FROM (SELECT major, minor, content_hash FROM versions INDEXED BY versions_served
      WHERE stage = 'PRD' AND prompt_id = (SELECT id FROM prompts WHERE path = ?)) v
    CROSS JOIN contents c ON c.hash = v.content_hash`);
  const ofFolder = raw.prepare(`SELECT ${columns} FROM prompts p WHERE folder = ? ORDER BY path LIMIT 200`);
  const below = raw.prepare(`SELECT ${columns} FROM prompts p WHERE path > ? AND path < ? ORDER BY path LIMIT 200`);
  const after = raw.prepare(`SELECT ${columns} FROM prompts p WHERE path > ? ORDER BY path LIMIT 200`);
  const changedSeq = raw.prepare<[string], number>('SELECT changed_seq FROM prompts WHERE path = ?').pluck();
  const recent = raw.prepare(
    `SELECT ${columns} FROM prompts p WHERE changed_seq < ? ORDER BY changed_seq DESC LIMIT 200`,
  );
  const recentBelow = raw.prepare(
    `SELECT ${columns} FROM prompts p WHERE path > ? AND path < ? ORDER BY changed_seq DESC LIMIT 200`,
  );
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

  const pair = <Input>(one: Omit<Pair<Input>, 'size'>): Pair<Input> => ({ ...one, size });
  return [
    pair({
      what: fetchName,
      inputs: released,
      ours: (ref) => vault.get({ ref }),
      raw: (path) => parsed(path, production.get(path)!),
      goals: ({ ratio }) => [atMost('ours / raw', ratio, 1.2)],
    }),
    pair({
      what: 'fetch of the PRD version by path (raw: the row alone, as text)',
      inputs: released,
      ours: (ref) => vault.get({ ref }),
      raw: (path) => production.get(path),
    }),
    pair({
      what: 'page of 200 of a folder',
      inputs: folders,
      ours: (folder) => vault.list({ folder, direct: true }),
      raw: (folder) => ofFolder.all(folder),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 10)],
    }),
    pair({
      what: 'page of 200 of a folder with what is below',
      inputs: areas,
      ours: (folder) => vault.list({ folder }),
      raw: (folder) => below.all(`${folder}/`, `${folder}0`),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 10)],
    }),
    pair({
      what: 'page of 200 anywhere in the vault, by keyset',
      inputs: paths,
      ours: (path) => vault.list({ after: path }),
      raw: (path) => after.all(path),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 10)],
    }),
    pair({
      what: 'page of 200 anywhere in the vault, changed last first',
      inputs: paths.map((path) => changedSeq.get(path)!),
      ours: (afterSeq) => vault.list({ order: 'recent', afterSeq, after: '' }),
      raw: (afterSeq) => recent.all(afterSeq),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 10)],
    }),
    pair({
      what: 'page of 200 of a folder with what is below, changed last first',
      inputs: areas,
      ours: (folder) => vault.list({ folder, order: 'recent' }),
      raw: (folder) => recentBelow.all(`${folder}/`, `${folder}0`),
    }),
    pair({
      what: 'filter by tag + stage, page of 200',
      inputs: tagged,
      ours: ({ tag, stage }) => vault.list({ tag, stage }),
      raw: ({ tag, stage }) => ofTag[stage]!.all(tag),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 10)],
    }),
    pair({
      what: 'counts per stage',
      inputs: times(200),
      ours: () => vault.groups({ by: 'stage' }),
      raw: () => counts.get(),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 1)],
    }),
    pair({
      what: 'counts per stage (raw: counted by GROUP BY)',
      inputs: times(6),
      ours: () => vault.groups({ by: 'stage' }),
      raw: () => scan.all(),
    }),
    pair({
      what: 'folders of one level with their counts',
      inputs: ['', ...areas],
      ours: (parent) => vault.groups({ by: 'folder', parent }),
      raw: (parent) => folderCounts.all(parent),
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 10)],
    }),
    pair({
      what: 'history of a prompt (5 versions and their events)',
      inputs: paths,
      ours: (path) => vault.history({ path }),
      raw: (path) => [versionsOf.all(path), eventsOf.all(path)],
      goals: ({ ours }) => [atMost('p95 ms', ours.p95Ms, 1)],
    }),
  ];
}
