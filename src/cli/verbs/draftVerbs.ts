import { resolve } from 'node:path';
import type { ImportFormat } from '../../exchange/types.ts';
import type { Message } from '../../vault/types.ts';
import { plainLine } from '../plainText.ts';
import { readBody } from '../readInput.ts';
import { counted } from '../table.ts';
import type { Verb, VerbOption } from '../verb.ts';
import { versionLine } from '../versionText.ts';
import { importPromptfooFile, isPromptfoo } from './promptfooImport.ts';

const group = 'Writing:';
const file: VerbOption = { flags: '--file <file>', kind: 'text', about: 'the text; else it is read from stdin' };
const tags: VerbOption = { flags: '--tag <tag>', kind: 'list', about: 'a tag; repeat it for more' };
const rationale: VerbOption = { flags: '--rationale <text>', kind: 'text', about: 'why' };

type NewOptions = { file?: string; system?: string; title?: string; tag?: string[]; rationale?: string };
const create: Verb<NewOptions> = {
  usage: 'new <path>',
  group,
  summary: 'make a prompt with version 1.0 in DEV',
  detail: 'The text becomes one user message, byte for byte. Placeholders like {{name}} become variables.',
  options: [
    file,
    { flags: '--system <text>', kind: 'text', about: 'a system message before it' },
    { flags: '--title <title>', kind: 'text', about: 'a title in any letters' },
    tags,
    rationale,
  ],
  examples: [
    'promptvault new support/triage --file triage.md --title "Support triage" --tag support',
    'echo "Summarise {{text}}" | promptvault new tools/summary --system "You are brief."',
  ],
  async run({ args: [path = ''], options, io, engine }) {
    const { system, title, tag, rationale: why } = options;
    const body = await readBody(io, options.file);
    const messages: Message[] = [{ role: 'user', content: body }];
    if (system !== undefined) messages.unshift({ role: 'system', content: system });
    const made = await (await engine()).create({ path, title, tags: tag, messages, rationale: why });
    return { json: made, text: versionLine(made, 'Made') };
  },
};

type EditOptions = { file?: string; expectRevision?: number; rationale?: string };
const edit: Verb<EditOptions> = {
  usage: 'edit <ref>',
  group,
  summary: 'save a new text for a draft, in place',
  detail:
    'The text takes the place of the last user message; system and assistant messages stay. What was there before is kept as a revision. Only DEV and TST versions can be edited.',
  options: [
    file,
    { flags: '--expect-revision <n>', kind: 'count', about: 'refuse (exit 5) unless this is the revision now' },
    rationale,
  ],
  examples: [
    'promptvault edit support/triage --file triage.md --rationale "shorter"',
    'promptvault edit support/triage@2.0 --expect-revision 3 < triage.md',
  ],
  async run({ args: [ref = ''], options, io, engine }) {
    const body = await readBody(io, options.file);
    const vault = await engine();
    const before = await vault.show({ ref });
    const saved = await vault.edit({
      ref: `${before.path}@${before.version}`,
      // The other messages come from this revision, so it must still be the one when they are saved.
      expectRevision: options.expectRevision ?? before.revision,
      messages: withUserText(before.messages, body),
      rationale: options.rationale,
    });
    return { json: saved, text: versionLine(saved, 'Saved') };
  },
};

function withUserText(messages: readonly Message[], content: string): Message[] {
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const said: Message = { role: 'user', content };
  return last === -1 ? [...messages, said] : messages.with(last, said);
}

type ImportOptions = { format?: ImportFormat | 'promptfoo'; folder?: string; tag?: string[]; dryRun?: boolean };
const importFiles: Verb<ImportOptions> = {
  usage: 'import <source...>',
  group,
  summary: 'take in prompts from files and folders',
  detail:
    'Takes folders with system.md and user.md, Markdown and text files with front matter, CSV (path or title, prompt, tags), and PromptVault’s own JSON and YAML. A promptfooconfig.yaml becomes prompts, a dataset and a suite. Running it again changes nothing that did not change.',
  options: [
    {
      flags: '--format <name>',
      kind: 'text',
      about: 'auto, fabric, markdown, text, csv, json, yaml or promptfoo (default: auto)',
    },
    { flags: '--folder <folder>', kind: 'text', about: 'put all below this folder of the vault' },
    tags,
    { flags: '--dry-run', kind: 'flag', about: 'only say what would be done' },
  ],
  examples: ['promptvault import prompts/ --folder acme', 'promptvault import prompts.csv --tag imported --dry-run'],
  async run({ args, options, io, signal, engine, say }) {
    const { format, folder, tag, dryRun } = options;
    const vault = await engine();
    if (format === 'promptfoo' || isPromptfoo(args, format)) {
      return importPromptfooFile({ sources: args, options: { folder, dryRun }, cwd: io.cwd }, vault, say);
    }
    let told = performance.now();
    vault.onDidImport(({ done, total }) => {
      if (performance.now() - told < 1000) return;
      told = performance.now();
      say(`${done} of ${total} prompts …`);
    });
    const sources = args.map((source) => resolve(io.cwd, source));
    const report = await vault.importPrompts({ sources, format, folder, tags: tag, dryRun }, signal);
    for (const { source, reason } of report.skipped) say(`skipped ${plainLine(source)}: ${plainLine(reason)}`);
    for (const { source, note } of report.notes) say(`note ${plainLine(source)}: ${plainLine(note)}`);
    const { created, updated, unchanged, skipped } = report;
    const listed = [...created.map((path) => `+ ${path}`), ...updated.map((path) => `~ ${path}`)].join('\n');
    const prompts = counted(created.length + updated.length + unchanged.length, 'prompt');
    const counts = `${prompts}: ${created.length} created, ${updated.length} updated, ${unchanged.length} unchanged`;
    const aside = skipped.length > 0 ? `; ${counted(skipped.length, 'other entry', 'other entries')} skipped` : '';
    const summary = `${dryRun ? 'Nothing was changed. It would be ' : ''}${counts}${aside}`;
    return { json: report, text: `${listed}${listed ? '\n' : ''}${summary}` };
  },
};

export const draftVerbs: readonly Verb[] = [create, importFiles, edit];
