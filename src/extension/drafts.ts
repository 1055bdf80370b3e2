import * as vscode from 'vscode';
import type { Deps } from './deps.ts';
import { draftScheme, publishedScheme } from './draftAddress.ts';
import { createDraftBases } from './draftBases.ts';
import { offerConflict } from './draftConflict.ts';
import { registerDraftDiagnostics } from './draftDiagnostics.ts';
import { createDraftFiles } from './draftFiles.ts';
import { createDraftKnowledge } from './draftKnowledge.ts';
import { registerDraftLanguage } from './draftLanguage.ts';
import { textUri } from './draftTarget.ts';
import { needVersion } from './pickVersion.ts';
import { registerCommands } from './registerCommands.ts';

const readOnlyReason =
  'Production and retired versions never change. Use *PromptVault: Create New Version* to go on from this one.';

/** Versions as documents of VS Code's own editor: drafts to write, published ones to read. */
export function registerDrafts(deps: Deps): vscode.Disposable {
  const { vaults, context, log, editors } = deps;
  const bases = createDraftBases(context.workspaceState);
  const files = createDraftFiles({ vaults, bases, onConflict: offerConflict({ vaults, bases, log }) });
  const knowledge = createDraftKnowledge(vaults);
  const isReadonly = new vscode.MarkdownString(readOnlyReason);
  const { registerFileSystemProvider } = vscode.workspace;
  return vscode.Disposable.from(
    files,
    knowledge,
    registerFileSystemProvider(draftScheme, files.provider, { isCaseSensitive: true }),
    registerFileSystemProvider(publishedScheme, files.provider, { isCaseSensitive: true, isReadonly }),
    registerDraftLanguage({ knowledge, renamed: files.renamed }),
    registerDraftDiagnostics(knowledge),
    registerCommands(
      {
        'promptvault.version.openText': async (given) => {
          const about = given ?? editors.active();
          if (about && !(await editors.settle(about))) return;
          const chosen = await needVersion(deps, about, { title: 'Open as Text' });
          if (chosen) await vscode.window.showTextDocument(textUri(chosen.vault, chosen.info), { preview: false });
        },
      },
      log,
    ),
  );
}
