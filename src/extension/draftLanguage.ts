import * as vscode from 'vscode';
import type { Placeholder } from '../engine/placeholders.ts';
import type { Variable } from '../vault/types.ts';
import { nameRange, namesIn, placeholdersIn } from './draftFindings.ts';
import type { DraftKnowledge } from './draftKnowledge.ts';
import type { Rename } from './draftSave.ts';
import { textSelector } from './draftTarget.ts';
import { findSections, headings } from './draftText.ts';

type Needs = { knowledge: DraftKnowledge; renamed(uri: vscode.Uri, rename: Rename): void };

const openBraces = /\{\{[ \t]*(\w*)$/;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

const rangeOf = (document: vscode.TextDocument, { start, end }: { start: number; end: number }) =>
  new vscode.Range(document.positionAt(start), document.positionAt(end));

/** The placeholder under the cursor. */
function placeholderAt(document: vscode.TextDocument, position: vscode.Position): Placeholder | undefined {
  const offset = document.offsetAt(position);
  const all = placeholdersIn(document.getText());
  return all.find(({ kind, start, end }) => kind === 'placeholder' && start <= offset && offset <= end);
}

/** Vault text is shown as text: nothing in it becomes markup or a link. */
function describe({ name, default: preset, description }: Variable): vscode.MarkdownString {
  const text = new vscode.MarkdownString().appendMarkdown('**').appendText(name).appendMarkdown('**');
  if (description) text.appendMarkdown('\n\n').appendText(description);
  if (preset === undefined) return text.appendMarkdown('\n\nHas no default: every caller gives a value.');
  return text.appendMarkdown('\n\nDefault:').appendCodeblock(preset, 'text');
}

function completions({ knowledge }: Needs): vscode.CompletionItemProvider {
  return {
    async provideCompletionItems(document, position) {
      const line = document.lineAt(position).text;
      const before = line.slice(0, position.character);
      if (/^#[ A-Z]*$/.test(before)) {
        const range = new vscode.Range(position.with({ character: 0 }), position);
        return headings.map((heading) => {
          const item = new vscode.CompletionItem({ label: heading, description: 'begins a message' });
          item.kind = vscode.CompletionItemKind.Keyword;
          return Object.assign(item, { insertText: `${heading}\n\n`, range });
        });
      }
      const open = openBraces.exec(before);
      if (!open) return undefined;
      const declared = (await knowledge.of(document.uri))?.variables ?? [];
      const others = [...namesIn(document.getText())].filter((name) => !declared.some((one) => one.name === name));
      const rest = /^\w*[ \t]*(\}{0,2})/.exec(line.slice(position.character))!;
      const start = position.translate(0, -open[1]!.length);
      const end = position.translate(0, rest[0].length);
      return [...declared, ...others.map((name): Variable => ({ name }))].map((variable) => {
        const detail = variable.default === undefined ? undefined : `= ${variable.default}`;
        const item = new vscode.CompletionItem({ label: variable.name, description: detail });
        item.kind = vscode.CompletionItemKind.Variable;
        item.documentation = describe(variable);
        item.range = { inserting: new vscode.Range(start, end), replacing: new vscode.Range(start, end) };
        item.insertText = `${/\s$/.test(before.slice(0, -open[1]!.length || undefined)) ? `${variable.name} ` : variable.name}}}`;
        item.filterText = variable.name;
        return item;
      });
    },
  };
}

function hovers({ knowledge }: Needs): vscode.HoverProvider {
  return {
    async provideHover(document, position) {
      const found = placeholderAt(document, position);
      const declared = found && (await knowledge.of(document.uri));
      const variable = declared?.variables.find(({ name }) => name === found?.name);
      return found && variable ? new vscode.Hover(describe(variable), rangeOf(document, found)) : undefined;
    },
  };
}

function renames({ renamed }: Needs): vscode.RenameProvider {
  return {
    prepareRename(document, position) {
      const found = placeholderAt(document, position);
      if (!found) throw new Error('Put the cursor on a {{variable}} to rename it');
      return { range: rangeOf(document, nameRange(found)), placeholder: found.name };
    },
    provideRenameEdits(document, position, to) {
      const found = placeholderAt(document, position);
      if (!found) return undefined;
      if (!variableName.test(to)) throw new Error('A name has letters, digits and "_", and begins with no digit');
      const edit = new vscode.WorkspaceEdit();
      for (const one of placeholdersIn(document.getText())) {
        if (one.name === found.name) edit.replace(document.uri, rangeOf(document, nameRange(one)), to);
      }
      renamed(document.uri, [found.name, to]);
      return edit;
    },
  };
}

/** The messages, for the outline, the breadcrumbs and "Go to Symbol". */
const symbols: vscode.DocumentSymbolProvider = {
  provideDocumentSymbols: (document) =>
    findSections(document.getText()).map(({ role, start, headingEnd, bodyStart, end }) => {
      const firstLine = document.getText().slice(bodyStart, end).trimStart().split('\n', 1)[0]!.slice(0, 80);
      const whole = rangeOf(document, { start, end: Math.max(headingEnd, end - 1) });
      const name = rangeOf(document, { start, end: headingEnd });
      return new vscode.DocumentSymbol(role, firstLine, vscode.SymbolKind.String, whole, name);
    }),
};

/** What VS Code's editor can do with prompt texts: complete, explain and rename variables, list the messages. */
export function registerDraftLanguage(needs: Needs): vscode.Disposable {
  const { languages } = vscode;
  return vscode.Disposable.from(
    languages.registerCompletionItemProvider(textSelector, completions(needs), '{', '#'),
    languages.registerHoverProvider(textSelector, hovers(needs)),
    languages.registerRenameProvider(textSelector, renames(needs)),
    languages.registerDocumentSymbolProvider(textSelector, symbols),
  );
}
