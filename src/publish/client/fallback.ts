import type { Content } from '../../vault/types.ts';
import { extractVariables } from '../../vault/variables.ts';
import type { Fallback } from './clientTypes.ts';

/** The declared fallbacks as contents, by path. */
export function fallbackContents(declared: { readonly [path: string]: Fallback | undefined }): Map<string, Content> {
  const all = new Map<string, Content>();
  for (const [path, fallback] of Object.entries(declared))
    if (fallback !== undefined) all.set(path, contentOf(fallback));
  return all;
}

function contentOf(fallback: Fallback): Content {
  if (typeof fallback === 'string') return contentOf({ messages: [{ role: 'user', content: fallback }] });
  const messages = fallback.messages.map(({ role, content }) => ({ role, content }));
  const variables = fallback.variables ?? extractVariables(messages).map((name) => ({ name }));
  return structuredClone({ messages, settings: { ...fallback.settings }, variables: [...variables] });
}
