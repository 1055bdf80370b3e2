import { allEvents, allVersions } from '../../engine/wholeHistory.ts';
import type { DiffResult, ListQuery, Stage, StageCounts } from '../../vault/types.ts';
import { changeLines } from '../changeText.ts';
import { plainLine, plainText } from '../plainText.ts';
import { counted, table } from '../table.ts';
import type { Verb } from '../verb.ts';
import { exactTime, productionPeriod, shortTime, versionText } from '../versionText.ts';

const group = 'Looking:';

type ListOptions = Pick<ListQuery, 'folder' | 'tag' | 'search' | 'limit' | 'offset'> & { stage?: Stage };
const list: Verb<ListOptions> = {
  usage: 'list',
  group,
  summary: 'list and search prompts',
  options: [
    { flags: '--folder <folder>', kind: 'text', about: 'only below this folder' },
    { flags: '--tag <tag>', kind: 'text', about: 'only with this tag' },
    { flags: '--stage <stage>', kind: 'stage', about: 'only with a version in DEV, TST, PRD or RET' },
    {
      flags: '--search <text>',
      kind: 'text',
      about:
        'beginnings of words or "a phrase"; may hold stage:PRD tag:legal folder:support label:"Production Candidate"',
    },
    { flags: '--limit <n>', kind: 'count', about: 'at most so many' },
    { flags: '--offset <n>', kind: 'count', about: 'after so many' },
  ],
  examples: [
    'promptvault list --stage PRD',
    'promptvault list --search "refund stage:PRD tag:legal"',
    'promptvault list --search "refund policy" --folder support',
  ],
  async run({ options, engine }) {
    const { folder, tag, stage, search, limit, offset } = options;
    const found = await (await engine('read')).list({ folder, tag, stage, search, limit, offset });
    if (found.prompts.length === 0) return { json: found, text: nothingText(options, found.total) };
    const rows = found.prompts.map(({ path, title, stages, latest, tags, updatedAt }) => [
      path,
      title,
      stages.PRD && `v${stages.PRD}`,
      draftsText(stages),
      `v${latest}`,
      tags.join(', '),
      shortTime(updatedAt),
    ]);
    const shown =
      found.prompts.length < found.total
        ? `\n\n${found.prompts.length} of ${found.capped ? 'more than ' : ''}${counted(found.total, 'prompt')}`
        : '';
    return {
      json: found,
      text: table(['prompt', 'title', 'prd', 'drafts', 'latest', 'tags', 'changed'], rows) + shown,
    };
  },
};

/** Why a list is empty, and what to do about it. */
function nothingText({ folder, tag, stage, search }: ListOptions, total: number): string {
  if (total > 0)
    return `${counted(total, 'prompt')} found, none on this page: choose a smaller --offset or a larger --limit`;
  const others = [folder !== undefined && '--folder', tag !== undefined && '--tag', stage && '--stage'].filter(Boolean);
  const fewer = others.length > 0 ? ` Leave out ${others.join(', ')}, or see all: promptvault list` : '';
  if (search !== undefined) {
    return `Nothing has all of "${plainLine(search)}". A search takes beginnings of words, "a phrase" in quotes, or a piece of a path or title: try fewer words.${fewer}`;
  }
  return fewer ? `No prompt fits.${fewer}` : 'No prompts. Add some: promptvault new, promptvault import';
}

function draftsText({ DEV, TST }: StageCounts): string {
  return [DEV && `${DEV} DEV`, TST && `${TST} TST`].filter(Boolean).join(', ');
}

const show: Verb = {
  usage: 'show <ref>',
  group,
  summary: 'show one version',
  examples: ['promptvault show support/triage', 'promptvault show support/triage@PRD --json'],
  async run({ args: [ref = ''], engine }) {
    const record = await (await engine('read')).show({ ref });
    return { json: record, text: versionText(record) };
  },
};

const history: Verb = {
  usage: 'history <path>',
  group,
  summary: 'show all versions of a prompt, and who did what, when and why',
  examples: ['promptvault history support/triage'],
  async run({ args: [path = ''], engine }) {
    const vault = await engine('read');
    const story = { path, versions: await allVersions(vault, path), events: await allEvents(vault, path) };
    const versions = story.versions.map((one) => [
      `v${one.version}`,
      one.stage,
      productionPeriod(one),
      one.replacedBy && `v${one.replacedBy}`,
      one.rollbackOf ? `rollback of v${one.rollbackOf}` : one.copiedFrom && `v${one.copiedFrom}`,
      one.labels.join(', '),
      one.rationale,
    ]);
    const events = story.events.map(({ seq, at, actor, kind, version, reason }) => [
      seq,
      exactTime(at),
      kind,
      version && `v${version}`,
      actor,
      reason,
    ]);
    const first = table(
      ['version', 'stage', 'production (utc)', 'replaced by', 'from', 'labels', 'rationale'],
      versions,
    );
    return { json: story, text: `${first}\n\n${table(['#', 'at (utc)', 'what', 'version', 'who', 'why'], events)}` };
  },
};

const diff: Verb<{ words?: boolean; fromRevision?: number; toRevision?: number }> = {
  usage: 'diff <from> <to>',
  group,
  summary: 'show what differs between two versions, of one prompt or of two',
  options: [
    { flags: '--words', kind: 'flag', about: 'word by word: [-gone-] {+new+}' },
    { flags: '--from-revision <n>', kind: 'count', about: 'the first as it was saved then' },
    { flags: '--to-revision <n>', kind: 'count', about: 'the second as it was saved then' },
  ],
  examples: [
    'promptvault diff support/triage@1.0 support/triage@1.1',
    'promptvault diff support/triage@PRD support/triage --words',
    'promptvault diff support/triage@1.1 support/triage@1.1 --from-revision 2',
  ],
  async run({ args: [from = '', to = ''], options, engine }) {
    const { words, fromRevision, toRevision } = options;
    const result = await (await engine('read')).diff({ from, to, fromRevision, toRevision, words });
    const summary = changeLines(result, words ? 'words' : 'lines');
    const text = [summary.join('\n'), diffText(result, options)].filter(Boolean).join('\n\n');
    return { json: { ...result, summary }, text };
  },
};

function diffText(result: DiffResult, { words }: { words?: boolean }): string {
  if (result.same) return 'The two say the same.';
  if (!words) return plainText(result.unified);
  const messages = result.messages.map(({ role, change, by, parts }) => {
    const text = parts.map(({ op, text: part }) => marked(op, plainText(part))).join('');
    return `[${role}] ${change}${coarser[by] ?? ''}\n${text}`;
  });
  const settings = result.settings.map(({ key, from, to }) => fieldChange(`setting ${key}`, from, to));
  const variables = result.variables.map(({ name, from, to }) => fieldChange(`variable ${name}`, from, to));
  return [...messages, ...settings, ...variables].join('\n\n');
}

/** Where so much differs that it was not compared word by word. */
const coarser: { readonly [By in DiffResult['messages'][number]['by']]?: string } = {
  lines: ', by lines: too much differs to be told by words',
  whole: ', as a whole: too much differs to be told by words',
};

function marked(op: 'same' | 'add' | 'remove', text: string): string {
  if (op === 'same') return text;
  return op === 'add' ? `{+${text}+}` : `[-${text}-]`;
}

function fieldChange(name: string, from: unknown, to: unknown): string {
  const gone = from === null ? '' : `[-${plainText(JSON.stringify(from))}-]`;
  const added = to === null ? '' : `{+${plainText(JSON.stringify(to))}+}`;
  return `${plainText(name)}: ${[gone, added].filter(Boolean).join(' ')}`;
}

export const lookVerbs: readonly Verb[] = [list, show, history, diff];
