import * as vscode from 'vscode';
import type { Deps } from '../deps.ts';
import { createPublishingState } from './publishingState.ts';
import { registerPublishingView } from './publishingView.ts';
import { registerTargetCommands } from './targetCommands.ts';
import { registerTokenCommands } from './tokenCommands.ts';

/** The Publishing view and all that is done from it. */
export function registerPublishing(deps: Deps): vscode.Disposable {
  const state = createPublishingState(deps);
  const all = { ...deps, state };
  return vscode.Disposable.from(
    state,
    registerPublishingView(all),
    registerTargetCommands(all),
    registerTokenCommands(all),
  );
}
