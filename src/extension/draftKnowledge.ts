import * as vscode from 'vscode';
import { rulesFor } from '../engine/rules.ts';
import type { Disposable } from '../shared/events.ts';
import { type Declared, namesIn } from './draftFindings.ts';
import { targetOf } from './draftTarget.ts';
import { printMessages } from './draftText.ts';
import { refOf } from './targets.ts';
import type { WorkspaceVaults } from './workspaceVaults.ts';

/** What the vault knows of the versions whose texts are open, asked for once per change. */
export type DraftKnowledge = Disposable & {
  /** Undefined when the document is no version's text, or its version is gone. */
  of(uri: vscode.Uri): Promise<Declared | undefined>;
  onDidChange: vscode.Event<void>;
};

export function createDraftKnowledge(vaults: WorkspaceVaults): DraftKnowledge {
  const known = new Map<string, Promise<Declared | undefined>>();
  const changed = new vscode.EventEmitter<void>();

  async function ask(uri: vscode.Uri): Promise<Declared | undefined> {
    const target = targetOf(uri);
    if (!target) return undefined;
    const { variables, stage, messages } = await (await vaults.engine(target.vault)).show({ ref: refOf(target) });
    const { allowed } = rulesFor(stage).actions.edit;
    return { variables, editable: allowed, storedNames: namesIn(printMessages(messages)) };
  }

  const forget = () => {
    known.clear();
    changed.fire();
  };
  const subscriptions = [changed, vaults.onDidChange(forget), vaults.onDidChangeState(forget)];

  return {
    onDidChange: changed.event,
    of(uri) {
      const key = uri.toString();
      const asked = known.get(key) ?? ask(uri).catch(() => undefined);
      known.set(key, asked);
      return asked;
    },
    dispose: () => {
      for (const one of subscriptions) one.dispose();
    },
  };
}
