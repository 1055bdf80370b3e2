import type { DraftEdit, NewPrompt, VaultApi, VersionRecord } from '../vault/types.ts';
import type { Vault } from '../vault/vault.ts';

/** What may be written for somebody who is not the person at the machine: drafts, and nothing that ships. */
export type DraftWrite =
  | { create: NewPrompt }
  | { edit: DraftEdit }
  | { createVersion: Parameters<VaultApi['createVersion']>[0] };
export type DraftCalls = {
  /** Writes a draft as `actor`, `token:<name>` for example, and fails as the vault's calls of these names do. */
  writeDraft(p: { actor: string; write: DraftWrite }): Promise<VersionRecord>;
};

export function draftCalls(vault: Vault): DraftCalls {
  return {
    writeDraft: async ({ actor, write }) =>
      vault.database.actingAs(actor, () => {
        if ('create' in write) return vault.create(write.create);
        if ('edit' in write) return vault.edit(write.edit);
        return vault.createVersion(write.createVersion);
      }),
  };
}
