import { hashTexts } from '../../src/vault/canonical.ts';
import type { Stage } from '../../src/vault/types.ts';
import { bodyLength, randomFrom, tagAt, words } from './corpus.ts';

export type MadeVersion = {
  minor: number;
  stage: Stage;
  hash: string;
  messages: string;
  settings: string;
  variables: string;
};
export type MadePrompt = {
  path: string;
  folder: string;
  name: string;
  title: string;
  description: string;
  tags: string[];
  versions: MadeVersion[];
  /** The texts of the latest version and of the one in production, as the search holds them. */
  searched: string;
};

/** What the five versions of a prompt are in: most have one in production, few one in TST. */
const lives: readonly (readonly Stage[])[] = [
  ['RET', 'RET', 'RET', 'PRD', 'DEV'],
  ['RET', 'RET', 'RET', 'RET', 'PRD'],
  ['DEV', 'DEV', 'DEV', 'DEV', 'DEV'],
  ['RET', 'RET', 'PRD', 'TST', 'DEV'],
];
const lifeOf = (random: number) => lives[random < 0.6 ? 0 : random < 0.83 ? 1 : random < 0.98 ? 2 : 3]!;

/** Folders are `area-…/topic-…`: 50 prompts in each of a small vault, 500 in a large one. */
export function folderAt(index: number, size: number): string {
  const folders = Math.min(2000, Math.max(4, Math.floor(size / 50)));
  const areas = Math.max(2, Math.round(Math.sqrt(folders)));
  const folder = index % folders;
  return `area-${folder % areas}/topic-${Math.floor(folder / areas)}`;
}

/** The prompt with this number, always the same. */
export function makePrompt(index: number, size: number): MadePrompt {
  const random = randomFrom(index * 2654435761 + 11);
  const folder = folderAt(index, size);
  const name = `${words(random, 2).replace(/\W+/g, '-')}-${index}`;
  const tags = [...new Set([tagAt(random), tagAt(random), tagAt(random)])];
  const base = words(random, bodyLength(random));
  const stages = lifeOf(random());
  const bodies = stages.map((_, minor) => `${base} ${words(random, 4)} ${index}.${minor} {{input}}`);
  const versions = stages.map((stage, minor) => {
    const texts = {
      messages: JSON.stringify([{ content: bodies[minor], role: 'user' }]),
      settings: '{"temperature":0.2}',
      variables: '[{"name":"input"}]',
    };
    return { minor, stage, hash: hashTexts(texts), ...texts };
  });
  const production = stages.indexOf('PRD');
  const shown = production >= 0 && production < 4 ? [production, 4] : [4];
  return {
    path: `${folder}/${name}`,
    folder,
    name,
    title: words(random, 4),
    description: words(random, 12),
    tags,
    versions,
    searched: shown.map((minor) => bodies[minor]).join('\n'),
  };
}
