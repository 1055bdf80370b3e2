import type { ErrorCode, VaultError } from '../shared/errors.ts';
import { plainText } from './plainText.ts';

/** What to do next, where the message itself cannot know the verbs. */
const nextSteps: { readonly [Code in ErrorCode]?: (details: VaultError['details'], verb?: string) => string } = {
  USAGE: (_, verb) => `See what is possible: promptvault ${verb ? `${verb} ` : ''}--help`,
  NOT_FOUND: (_, verb = '') => `See what there is: promptvault ${Object.hasOwn(lists, verb) ? lists[verb] : 'list'}`,
  RULE: ({ action, ref = '<ref>' }) => {
    const path = String(ref).replace(/@.*/, '');
    if (action === 'edit') return `Copy it into a draft, then edit that one: promptvault version ${ref}`;
    if (action === 'promote') return `Change it in a new version: promptvault version ${ref}`;
    return `See the stage of each version: promptvault history ${path}`;
  },
  CONFLICT: ({ actual }) => {
    const { path, version, revision, updatedBy } = (actual ?? {}) as Record<string, unknown>;
    if (!path) return 'Look at the newer text, then try again: promptvault show <ref>';
    return `${updatedBy} saved revision ${revision}. Look at it with "promptvault show ${path}@${version}", then save again with --expect-revision ${revision}`;
  },
  INTERNAL: () => 'This should not happen. Set PROMPTVAULT_DEBUG=1 to see where',
};

/** Of the verbs that look for something else than prompts, what lists it. */
const lists: { readonly [verb: string]: string } = {
  dataset: 'dataset list',
  gate: 'suite list',
  run: 'runs',
  suite: 'suite list',
  sync: 'sync status',
  token: 'token list',
  webhook: 'webhook list',
};

/** An error for a person: what happened and what to do. `verb` is the one that was called, if it is known. */
export function explain(error: VaultError, verb?: string): string {
  // A message that names a command has said it.
  const told = error.code === 'NOT_FOUND' && error.message.includes('"promptvault ');
  const next = told ? undefined : nextSteps[error.code]?.(error.details, verb);
  const lines = [`promptvault: ${error.message}`, ...(next ? [next] : [])];
  return plainText(lines.join('\n'));
}
