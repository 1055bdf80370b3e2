import type { ErrorCode, VaultError } from '../shared/errors.ts';
import { plainText } from './plainText.ts';

/** What to do next, where the message itself cannot know the verbs. */
const nextSteps: { readonly [Code in ErrorCode]?: (details: VaultError['details']) => string } = {
  USAGE: () => 'See what is possible: promptvault --help, or promptvault <verb> --help',
  NOT_FOUND: () => 'See what there is: promptvault list',
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

/** An error for a person: what happened and what to do. */
export function explain(error: VaultError): string {
  const next = nextSteps[error.code]?.(error.details);
  const lines = [`promptvault: ${error.message}`, ...(next ? [next] : [])];
  return plainText(lines.join('\n'));
}
