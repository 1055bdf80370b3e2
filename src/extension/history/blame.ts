import * as vscode from 'vscode';
import type { BlameOrigin } from '../../vault/types.ts';
import { coalesce } from '../coalesce.ts';
import type { Deps } from '../deps.ts';
import { formatAgo } from '../formatTime.ts';
import { needVersion } from '../pickVersion.ts';
import type { PromptTarget } from '../targets.ts';
import { parseVersionQuery, versionScheme } from '../versionUri.ts';
import { type BlamedRange, blamedRanges, lineNotes } from './blameLines.ts';

type Shown = { ranges: BlamedRange[]; origins: BlameOrigin[] };
type Needs = Pick<Deps, 'vaults' | 'selection' | 'documents' | 'editors' | 'log'>;
export type BlameView = vscode.Disposable & {
  /** The version named, else the text document that is open, else what is selected or picked. */
  show(target: PromptTarget | undefined): Promise<void>;
  hide(): Promise<void>;
};

const contextKey = 'promptvault.blameShown';

/** Who brought each sentence, beside the text of a version: a quiet note where a line's origin changes, more on hover. */
export function createBlameView(deps: Needs): BlameView {
  const { vaults, documents, log } = deps;
  const shown = new Map<string, Shown>();
  const note = vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 3em', color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' },
  });

  function draw(): void {
    const now = new Date();
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.scheme !== versionScheme) continue;
      const key = editor.document.uri.toString();
      const found = inPlainEditor(key) ? shown.get(key) : undefined;
      const notes = found ? lineNotes(found.ranges, found.origins, now) : [];
      const ends = notes.map(({ line, text }) => {
        const { end } = editor.document.lineAt(Math.min(line, editor.document.lineCount - 1)).range;
        return { range: new vscode.Range(end, end), renderOptions: { after: { contentText: text } } };
      });
      editor.setDecorations(note, ends);
    }
    const active = vscode.window.activeTextEditor?.document.uri.toString() ?? '';
    void vscode.commands.executeCommand('setContext', contextKey, shown.has(active));
  }

  async function read(document: vscode.TextDocument): Promise<void> {
    const source = parseVersionQuery(document.uri.query);
    if (!source) return;
    const engine = await vaults.engine(source.vault);
    const { messages, origins } = await engine.blame({ ref: `${source.path}@${source.version}` });
    shown.set(document.uri.toString(), { ranges: blamedRanges(document.getText(), messages), origins });
    draw();
  }

  async function uriOf(given: PromptTarget | undefined): Promise<vscode.Uri | undefined> {
    const open = vscode.window.activeTextEditor?.document.uri;
    const source = open?.scheme === versionScheme ? parseVersionQuery(open.query) : undefined;
    const target = given ?? source ?? deps.editors.active();
    const chosen = await needVersion(deps, target, { title: 'Show Blame' });
    return chosen && documents.uri({ vault: chosen.vault, path: chosen.info.path, version: chosen.info.version });
  }

  const stale = new Set<vscode.TextDocument>();
  const readStale = coalesce(() => {
    for (const document of stale) {
      stale.delete(document);
      read(document).catch((error) => log.debug('Blame could not be read', String(error)));
    }
  });
  const subscriptions = vscode.Disposable.from(
    note,
    vscode.window.onDidChangeVisibleTextEditors(draw),
    vscode.window.onDidChangeActiveTextEditor(draw),
    vscode.window.tabGroups.onDidChangeTabs(draw),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => shown.delete(uri.toString())),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!shown.has(document.uri.toString())) return;
      stale.add(document);
      readStale();
    }),
    vscode.languages.registerHoverProvider(
      { scheme: versionScheme },
      {
        provideHover(document, position) {
          const found = shown.get(document.uri.toString());
          const range = found?.ranges.find(({ start, end }) => toRange({ start, end }).contains(position));
          const origin = range && found?.origins[range.origin];
          return origin ? new vscode.Hover(originHover(origin), toRange(range)) : undefined;
        },
      },
    ),
  );
  return {
    async show(given) {
      const uri = await uriOf(given);
      if (!uri) return;
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document, { preview: true });
      await read(document);
    },
    async hide() {
      shown.delete(vscode.window.activeTextEditor?.document.uri.toString() ?? '');
      draw();
    },
    dispose: () => subscriptions.dispose(),
  };
}

/** A diff of the same document has enough to say already. */
const inPlainEditor = (key: string) =>
  vscode.window.tabGroups.all.some(({ activeTab }) => {
    const input = activeTab?.input;
    return input instanceof vscode.TabInputText && input.uri.toString() === key;
  });

const toRange = ({ start, end }: Pick<BlamedRange, 'start' | 'end'>) =>
  new vscode.Range(start.line, start.character, end.line, end.character);

/** Text of the vault never becomes markup. */
function originHover({ version, stage, revision, author, at, rationale }: BlameOrigin): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(`v${version} ${stage}`).appendMarkdown('**');
  text.appendText(` revision ${revision}`).appendMarkdown('\n\n');
  text.appendText(`${author}, ${formatAgo(at, new Date())}`);
  if (rationale) text.appendMarkdown('\n\n').appendText(rationale);
  return text;
}
