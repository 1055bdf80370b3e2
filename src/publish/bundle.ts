import { VaultError } from '../shared/errors.ts';
import { canonicalJson } from '../vault/canonicalText.ts';
import { eachVersion } from '../vault/eachVersion.ts';
import type { VaultApi } from '../vault/types.ts';
import type { BundleCalls, BundleComparison, BundledPrompt, BundleRequest, PromptBundle } from './bundleTypes.ts';

export type BundleVault = Pick<VaultApi, 'list' | 'history' | 'get' | 'info'> & {
  /** Runs in one read transaction. */
  read<T>(fn: () => T): T;
};

/** Bundles of a vault, of `most` letters. */
export function bundleCalls(vault: BundleVault, most = mostLetters): BundleCalls {
  return {
    bundle: (p, signal) => makeBundle({ vault, most }, p, signal),
    compareBundle: async ({ text, file, ...request }, signal) =>
      compare(readBundle(text, file), await makeBundle({ vault, most }, request, signal)),
  };
}

/** Prompts between which others may go on. */
const page = 200;
/** Letters of JSON: about as many as one text can hold once it is indented. */
const mostLetters = 400_000_000;

async function makeBundle(
  { vault, most }: { vault: BundleVault; most: number },
  { folder, tag }: BundleRequest,
  signal?: AbortSignal,
): Promise<PromptBundle> {
  const bundle: PromptBundle = { promptvaultBundle: 1, vaultId: vault.info().vaultId, at: null, prompts: {} };
  let after: string | undefined;
  let length = 0;
  do {
    if (signal?.aborted) throw new VaultError('CANCELLED', 'Cancelled');
    // What was ever released has a version in production.
    const { prompts, next } = vault.list({ folder, tag, stage: 'PRD', limit: page, after });
    for (const { path } of prompts) {
      const { prompt, at } = vault.read(() => bundlePrompt(vault, path));
      bundle.prompts[path] = prompt;
      length += JSON.stringify(prompt).length;
      if (length > most) throw tooLong();
      if (bundle.at === null || at > bundle.at) bundle.at = at;
    }
    after = next?.after;
    await new Promise(setImmediate);
  } while (after !== undefined);
  // A vault before its first release has an empty bundle; a folder or tag without anything is a slip of the pen.
  if (bundle.at === null && (folder || tag)) throw nothingThere({ folder, tag });
  return bundle;
}

function nothingThere({ folder, tag }: BundleRequest): VaultError {
  const where = [folder && `in the folder ${folder}`, tag && `with the tag ${tag}`].filter(Boolean).join(' ');
  const message = `Nothing is released ${where}. "promptvault list --stage PRD" shows what is`;
  return new VaultError('NOT_FOUND', message, { ref: folder || tag });
}

function tooLong(): VaultError {
  const message = 'The bundle is larger than one JSON text can be. Bundle less of the vault with --folder or --tag';
  return new VaultError('INVALID_INPUT', message, { field: 'folder' });
}

function bundlePrompt(vault: BundleVault, path: string): { prompt: BundledPrompt; at: string } {
  const released = [...eachVersion(vault, path)].filter(({ deployedAt }) => deployedAt !== null).reverse();
  const prd = released.find(({ stage }) => stage === 'PRD')?.version ?? null;
  const versions = released.map(({ version }) => [version, vault.get({ ref: `${path}@${version}` })] as const);
  const at = released
    .map(({ deployedAt }) => deployedAt!)
    .sort()
    .at(-1)!;
  return { prompt: { prd, versions: Object.fromEntries(versions) }, at };
}

function readBundle(text: string, file: string): PromptBundle {
  let bundle: Partial<PromptBundle> | null;
  try {
    bundle = JSON.parse(text);
  } catch (error) {
    throw new VaultError(
      'BAD_FILE',
      `${file} is not JSON: ${(error as Error).message}`,
      { file, reason: 'json' },
      error,
    );
  }
  if (bundle?.promptvaultBundle === 1 && typeof bundle.prompts === 'object' && bundle.prompts)
    return bundle as PromptBundle;
  const message = `${file} is not what "promptvault bundle" writes, or was written by a newer PromptVault`;
  throw new VaultError('BAD_FILE', message, { file, reason: 'bundle' });
}

/** What the files say is compared, not how: a formatter may have been over the one of before. */
function compare(before: PromptBundle, now: PromptBundle): BundleComparison {
  const missing = Object.keys(now.prompts).filter((path) => !Object.hasOwn(before.prompts, path));
  const gone = Object.keys(before.prompts)
    .filter((path) => !Object.hasOwn(now.prompts, path))
    .sort();
  const outdated = Object.keys(now.prompts).filter(
    (path) =>
      Object.hasOwn(before.prompts, path) && canonicalJson(before.prompts[path]) !== canonicalJson(now.prompts[path]),
  );
  const changed = missing.length + gone.length + outdated.length > 0;
  return { same: !changed && before.vaultId === now.vaultId && before.at === now.at, missing, outdated, gone };
}
