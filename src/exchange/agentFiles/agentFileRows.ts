import { VaultError } from '../../shared/errors.ts';
import type { Database } from '../../vault/database.ts';
import { wholeNumber } from '../../vault/wholeNumber.ts';
import { agentFormats } from './agentFormats.ts';
import type { AgentFileKind } from './types.ts';

/** A choice as it stands in the vault. `file` and the content's `hash` are what was written last, null when nothing was; they may be anybody's words. */
export type AgentFileRow = {
  id: number;
  path: string;
  title: string;
  description: string;
  kind: AgentFileKind;
  file: string | null;
  hash: string | null;
};

const rowsSql = `SELECT p.id, p.path, p.title, p.description, a.kind, a.file, a.hash
  FROM agent_files AS a JOIN prompts AS p ON p.id = a.prompt_id`;

/** The choices of a vault. Kinds of a newer PromptVault are left alone. */
export function agentFileRows(database: Database) {
  const known = (rows: AgentFileRow[]) => rows.filter(({ kind }) => Object.hasOwn(agentFormats, kind));
  return {
    all: () => known(database.prepare(`${rowsSql} ORDER BY p.path, a.kind`).all<AgentFileRow>()),
    page: (after: Pick<AgentFileRow, 'path' | 'kind'> | undefined, limit: number) =>
      known(
        database
          .prepare(`${rowsSql} WHERE (p.path, a.kind) > (?, ?) ORDER BY p.path, a.kind LIMIT ?`)
          .all<AgentFileRow>(after?.path ?? '', after?.kind ?? '', wholeNumber('limit', limit)),
      ),
    of: (path: string) =>
      known(database.prepare(`${rowsSql} WHERE p.path = ? ORDER BY a.kind`).all<AgentFileRow>(path)),
    choose(path: string, kinds: readonly AgentFileKind[]): void {
      const id = promptId(path);
      const missing = kinds.filter((kind) => !this.of(path).some((row) => row.kind === kind));
      if (missing.length === 0) return;
      database.writeUnlogged((tx) => {
        const add = tx.prepare('INSERT INTO agent_files (prompt_id, kind) VALUES (?, ?) ON CONFLICT DO NOTHING');
        for (const kind of missing) add.run(id, kind);
      });
    },
    drop({ id, kind }: AgentFileRow): void {
      database.writeUnlogged((tx) => {
        tx.prepare('DELETE FROM agent_files WHERE prompt_id = ? AND kind = ?').run(id, kind);
      });
    },
    remember({ id, kind }: AgentFileRow, { file, hash }: { file: string | null; hash: string | null }): void {
      database.writeUnlogged((tx) => {
        tx.prepare('UPDATE agent_files SET file = ?, hash = ? WHERE prompt_id = ? AND kind = ?').run(
          file,
          hash,
          id,
          kind,
        );
      });
    },
    promptId,
  };

  function promptId(path: string): number {
    const id = database.prepare('SELECT id FROM prompts WHERE path = ?').pluck().get<number>(path);
    if (id === undefined) throw new VaultError('NOT_FOUND', `There is no prompt ${path}`, { path });
    return id;
  }
}
