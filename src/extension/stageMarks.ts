import * as vscode from 'vscode';
import type { Stage } from '../vault/types.ts';

const colours: Record<Stage, string> = {
  DEV: 'promptvault.stageDev',
  TST: 'promptvault.stageTst',
  PRD: 'promptvault.stagePrd',
  RET: 'promptvault.stageRet',
};
const words: Record<Stage, string> = { DEV: 'in development', TST: 'in test', PRD: 'in production', RET: 'retired' };
const icons: Record<Stage, string> = { DEV: 'edit', TST: 'beaker', PRD: 'rocket', RET: 'archive' };
const scheme = 'promptvault-stage';

export const stageColour = (stage: Stage) => new vscode.ThemeColor(colours[stage]);
export const stageIcon = (stage: Stage) => new vscode.ThemeIcon(icons[stage], stageColour(stage));
export const stageWords = (stage: Stage) => words[stage];

/** The address a tree row carries so that its stage is marked beside it. */
export const stageUri = (stage: Stage, path: string) => vscode.Uri.from({ scheme, path: `/${path}`, query: stage });

/** Marks rows with the first letter of their stage, in the stage's colour. */
export function registerStageMarks(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration(uri) {
      if (uri.scheme !== scheme || !Object.hasOwn(colours, uri.query)) return undefined;
      const stage = uri.query as Stage;
      return { badge: stage[0], tooltip: `${stage}: ${words[stage]}`, color: stageColour(stage), propagate: false };
    },
  });
}
