import type { VaultApi, VersionInfo } from './types.ts';

/** The versions of a prompt, highest number first, read a page at a time. Fails as `history` does. */
export function* eachVersion(vault: Pick<VaultApi, 'history'>, path: string): Generator<VersionInfo> {
  let versionsBefore: string | undefined;
  for (;;) {
    const { versions, more } = vault.history({ path, eventLimit: 0, versionsBefore });
    yield* versions;
    if (!more.versions) return;
    versionsBefore = versions.at(-1)?.version;
  }
}
