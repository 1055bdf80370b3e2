import * as vscode from 'vscode';
import type { Stage } from '../vault/types.ts';
import type { Deps } from './deps.ts';
import { parseDraftAddress } from './draftAddress.ts';
import { parseVersionQuery, versionScheme } from './versionUri.ts';

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

type Shown = { vault: string; path: string; version: string };

/** The version a tab shows as text. */
function versionIn(uri: vscode.Uri): Shown | undefined {
  return uri.scheme === versionScheme ? parseVersionQuery(uri.query) : parseDraftAddress(uri);
}

/** Marks rows and the tabs of texts with the first letter of their stage, in the stage's colour. */
export function registerStageMarks({ vaults }: Pick<Deps, 'vaults'>): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri[]>();
  // Drafts get another stage while their tab stays.
  const asked = new Map<string, vscode.Uri>();

  async function stageOf(uri: vscode.Uri): Promise<Stage | undefined> {
    if (uri.scheme === scheme) return Object.hasOwn(colours, uri.query) ? (uri.query as Stage) : undefined;
    const shown = versionIn(uri);
    if (!shown) return undefined;
    asked.set(uri.toString(), uri);
    const { vault, path, version } = shown;
    // A version that is gone has no stage.
    const record = await (await vaults.engine(vault)).show({ ref: `${path}@${version}` }).catch(() => undefined);
    return record?.stage;
  }
  return vscode.Disposable.from(
    changed,
    vscode.window.registerFileDecorationProvider({
      onDidChangeFileDecorations: changed.event,
      async provideFileDecoration(uri) {
        const stage = await stageOf(uri);
        if (!stage) return undefined;
        return { badge: stage[0], tooltip: `${stage}: ${words[stage]}`, color: stageColour(stage), propagate: false };
      },
    }),
    vaults.onDidChange(({ vault, change }) => {
      const paths = new Set(change.events.map(({ path }) => path));
      const touched = [...asked.values()].filter((uri) => {
        const shown = versionIn(uri);
        return shown?.vault === vault && (paths.size === 0 || paths.has(shown.path));
      });
      if (touched.length > 0) changed.fire(touched);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => asked.delete(uri.toString())),
  );
}
