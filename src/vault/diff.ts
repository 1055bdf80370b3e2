import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { canonicalJson } from './canonical.ts';
import { createComparer, mostEdits } from './compareTexts.ts';
import type { Database } from './database.ts';
import { recordAt } from './history.ts';
import type { Content, DiffResult, Message, VaultApi, VersionRecord } from './types.ts';
import { resolveReference } from './versionRows.ts';

type MessageDiff = DiffResult['messages'][number];

const patchOptions = { maxEditLength: mostEdits, headerOptions: FILE_HEADERS_ONLY };

/** Messages are compared by their place; equal ones are left out. */
function compareMessages(from: Message[], to: Message[], by: 'words' | 'lines'): MessageDiff[] {
  const result: MessageDiff[] = [];
  const compare = createComparer();
  for (let index = 0; index < Math.max(from.length, to.length); index += 1) {
    const [old, now] = [from[index], to[index]];
    if (old?.role === now?.role && old?.content === now?.content) continue;
    const change = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    const role = old && now && old.role !== now.role ? `${old.role} → ${now.role}` : (now ?? old)!.role;
    result.push({ index, role, change, ...compare(old?.content ?? '', now?.content ?? '', by) });
  }
  return result;
}

function differingKeys<T>(from: ReadonlyMap<string, T>, to: ReadonlyMap<string, T>): string[] {
  const keys = [...new Set([...from.keys(), ...to.keys()])].sort();
  return keys.filter((key) => canonicalJson([from.get(key) ?? null]) !== canonicalJson([to.get(key) ?? null]));
}

/** A version as text: what a person would read, in a fixed order. */
export function contentAsText(content: Content): string {
  const settings = Object.keys(content.settings)
    .sort()
    .map((key) => `  ${key}: ${canonicalJson(content.settings[key])}`);
  const variables = content.variables.map(({ name, default: preset, description }) => {
    const value = preset === undefined ? '' : ` = ${JSON.stringify(preset)}`;
    return `  ${name}${value}${description ? `  # ${description}` : ''}`;
  });
  const head = [
    ...(settings.length > 0 ? ['settings:', ...settings] : []),
    ...(variables.length > 0 ? ['variables:', ...variables] : []),
  ];
  const messages = content.messages.map((message) => `--- ${message.role}\n${message.content}\n`);
  return `${head.map((line) => `${line}\n`).join('')}${messages.join('')}`;
}

/** How two versions differ. `same` is about the content; a title or tag is not part of it. */
export function compareVersions(from: VersionRecord, to: VersionRecord, by: 'words' | 'lines'): DiffResult {
  const side = ({ path, version, stage, hash }: VersionRecord) => ({ path, version, stage, hash });
  const settings = { from: new Map(Object.entries(from.settings)), to: new Map(Object.entries(to.settings)) };
  const variables = {
    from: new Map(from.variables.map((variable) => [variable.name, variable])),
    to: new Map(to.variables.map((variable) => [variable.name, variable])),
  };
  const messages = compareMessages(from.messages, to.messages, by);
  return {
    from: side(from),
    to: side(to),
    same: from.hash === to.hash,
    messages,
    settings: differingKeys(settings.from, settings.to).map((key) => ({
      key,
      from: settings.from.get(key) ?? null,
      to: settings.to.get(key) ?? null,
    })),
    variables: differingKeys(variables.from, variables.to).map((name) => ({
      name,
      from: variables.from.get(name) ?? null,
      to: variables.to.get(name) ?? null,
    })),
    unified: from.hash === to.hash ? '' : patchOf(from, to, messages),
  };
}

function patchOf(from: VersionRecord, to: VersionRecord, messages: MessageDiff[]): string {
  // What could not be compared by lines cannot be in a patch either.
  if (messages.some(({ by }) => by === 'whole')) return wholePatch(from, to);
  const [oldName, newName] = [from, to].map(({ path, version }) => `${path}@${version}`) as [string, string];
  const [old, now] = [contentAsText(from), contentAsText(to)];
  const patch = createTwoFilesPatch(oldName, newName, old, now, from.stage, to.stage, patchOptions);
  return patch ?? wholePatch(from, to);
}

/** The patch of two texts too different to be compared line by line. */
function wholePatch(from: VersionRecord, to: VersionRecord): string {
  const lines = (record: VersionRecord, mark: string) =>
    contentAsText(record)
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => mark + line);
  const [old, now] = [lines(from, '-'), lines(to, '+')];
  const names = [`--- ${from.path}@${from.version}\t${from.stage}`, `+++ ${to.path}@${to.version}\t${to.stage}`];
  return [...names, `@@ -1,${old.length} +1,${now.length} @@`, ...old, ...now, ''].join('\n');
}

export function diffUseCases(database: Database): Pick<VaultApi, 'diff'> {
  return {
    diff: ({ from, to, fromRevision, toRevision, words }) => {
      const side = (ref: string, revision?: number) => recordAt(database, resolveReference(database, ref), revision);
      const [old, now] = database.read(() => [side(from, fromRevision), side(to, toRevision)] as const);
      return compareVersions(old, now, words ? 'words' : 'lines');
    },
  };
}
