import type { Revision, VaultEvent, VersionInfo } from '../vault/types.ts';
import type { Engine } from './engine.ts';

type Reader = Pick<Engine, 'history'>;

const pageSize = 200;

/** All versions of a prompt, highest number first, read a page at a time. Fails as `history` does. */
export async function allVersions(engine: Reader, path: string): Promise<VersionInfo[]> {
  const all: VersionInfo[] = [];
  for (;;) {
    const { versions, more } = await engine.history({ path, eventLimit: 0, versionsBefore: all.at(-1)?.version });
    all.push(...versions);
    if (!more.versions) return all;
  }
}

/** All that happened to a prompt, oldest first, read a page at a time. Fails as `history` does. */
export async function allEvents(engine: Reader, path: string): Promise<VaultEvent[]> {
  const pages: VaultEvent[][] = [];
  for (;;) {
    const { events, more } = await engine.history({ path, versionLimit: 0, eventsBefore: pages.at(-1)?.[0]?.seq });
    pages.push(events);
    if (!more.events) return pages.reverse().flat();
  }
}

/** All saved states of a version, newest first, read a page at a time. Fails as `revisions` does. */
export async function allRevisions(engine: Pick<Engine, 'revisions'>, ref: string): Promise<Revision[]> {
  const all: Revision[] = [];
  for (;;) {
    const page = await engine.revisions({ ref, limit: pageSize, before: all.at(-1)?.revision });
    all.push(...page);
    if (page.length < pageSize) return all;
  }
}
