import * as vscode from 'vscode';
import { createCheckedOutFiles } from './checkedOutFiles.ts';
import type { Deps } from './deps.ts';
import { createDraftBases } from './draftBases.ts';
import { createAskConflict, offerDraftConflict } from './draftConflict.ts';
import { registerDraftDiagnostics } from './draftDiagnostics.ts';
import { createDraftFiles } from './draftFiles.ts';
import { registerDraftFixes } from './draftFixes.ts';
import { createDraftKnowledge } from './draftKnowledge.ts';
import { registerDraftLanguage } from './draftLanguage.ts';
import { registerDraftMoves } from './draftMoves.ts';
import { textUri } from './draftTarget.ts';
import { needVersion } from './pickVersion.ts';
import { registerCommands } from './registerCommands.ts';

/** Versions as documents of VS Code's own editor: drafts to write, published ones to read. */
export function registerDrafts(deps: Deps): vscode.Disposable {
  const { vaults, context, shell, log, editors } = deps;
  const ask = createAskConflict(log);
  const bases = createDraftBases(context.workspaceState);
  const files = createDraftFiles({ vaults, bases, onConflict: offerDraftConflict({ vaults, bases, ask }) });
  const checkedOut = createCheckedOutFiles({ vaults, memory: context.workspaceState, ask, log });
  const knowledge = createDraftKnowledge(vaults);
  return vscode.Disposable.from(
    files,
    checkedOut,
    knowledge,
    shell.files.fill(files.provider),
    registerDraftLanguage({ knowledge, renamed: files.renamed }),
    registerDraftDiagnostics(knowledge),
    registerDraftFixes({ knowledge, vaults, log }),
    registerDraftMoves({ vaults, bases, log }),
    registerCommands(
      {
        'promptvault.version.openText': async (given) => {
          const about = given ?? editors.active();
          if (about && !(await editors.settle(about))) return;
          const chosen = await needVersion(deps, about, { title: 'Open as Text' });
          if (chosen) await vscode.window.showTextDocument(textUri(chosen.vault, chosen.info), { preview: false });
        },
        'promptvault.version.checkOut': async (given) => {
          const about = given ?? editors.active();
          if (about && !(await editors.settle(about))) return;
          const chosen = await needVersion(deps, about, { title: 'Check Out as File', action: 'edit' });
          if (!chosen) return;
          const { path, version } = chosen.info;
          const uri = await checkedOut.checkOut({ vault: chosen.vault, path, version });
          if (uri) await vscode.window.showTextDocument(uri, { preview: false });
        },
      },
      log,
    ),
  );
}
