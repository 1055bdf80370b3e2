import type { GroupPage, PromptSummary } from '../../src/vault/types.ts';
import type { Api } from './api.ts';

export type Names = { folder: string[]; tag: string[] };
const most = 1000;

/** Folders and tags to choose from: the folders at the top and right below the one chosen, and all tags, as far as they fit. */
export async function readNames(api: Api, folder: string, signal: AbortSignal): Promise<Names> {
  const names = async (by: 'folder' | 'tag', parent = '') => {
    const { groups } = await api.get<GroupPage>('groups', { by, parent, limit: most }, signal);
    return groups.map(({ name }) => name).filter(Boolean);
  };
  const [top, below, tag] = await Promise.all([names('folder'), folder ? names('folder', folder) : [], names('tag')]);
  return { folder: [...below, ...top], tag };
}

/** Those of the prompts in sight, for a token that may not ask for more. */
export function namesIn(prompts: readonly PromptSummary[]): Names {
  const folders = prompts.flatMap(({ path }) => {
    const parts = path.split('/').slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  });
  const sorted = (names: string[]) => [...new Set(names)].sort();
  return { folder: sorted(folders), tag: sorted(prompts.flatMap(({ tags }) => tags)) };
}
