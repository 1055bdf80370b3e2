import type { Served } from '../vault/types.ts';

/** The released versions of some prompts: what an application ships with. Texts are not rendered. */
export type PromptBundle = {
  promptvaultBundle: 1;
  vaultId: string;
  /** When the last of these versions was released, so that the same vault gives the same bytes; null when there is none. */
  at: string | null;
  /** By path; the versions by number. */
  prompts: { [path: string]: BundledPrompt };
};
export type BundledPrompt = { prd: string | null; versions: { [version: string]: Served } };

export type BundleRequest = { folder?: string; tag?: string };
/** What a bundle of before has otherwise than the vault: paths, sorted. `same` is false as well for another vault's. */
export type BundleComparison = { same: boolean; missing: string[]; outdated: string[]; gone: string[] };

export type BundleCalls = {
  /** All released versions of the prompts in the folder (with what is below it) and with the tag. INVALID_INPUT when too many. */
  bundle(p: BundleRequest, signal?: AbortSignal): Promise<PromptBundle>;
  /** Whether a bundle made with the same request is still what the vault serves. BAD_FILE when `text` is no bundle. */
  compareBundle(p: BundleRequest & { text: string; file: string }, signal?: AbortSignal): Promise<BundleComparison>;
};
