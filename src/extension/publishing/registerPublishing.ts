import * as vscode from 'vscode';
import type { Deps } from '../deps.ts';
import { createPublishingState } from './publishingState.ts';
import { registerPublishingView } from './publishingView.ts';
import { createReports } from './reports.ts';
import { registerTargetCommands } from './targetCommands.ts';
import { registerTokenCommands } from './tokenCommands.ts';

/** The Publishing view and all that is done from it. */
export function registerPublishing(deps: Deps): vscode.Disposable {
  const state = createPublishingState(deps);
  const reports = createReports();
  const all = { ...deps, state, reports };
  return vscode.Disposable.from(
    state,
    reports,
    registerPublishingView(all),
    registerTargetCommands(all),
    registerTokenCommands(all),
  );
}
