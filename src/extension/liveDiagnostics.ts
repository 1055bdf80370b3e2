import * as vscode from 'vscode';
import { coalesce } from './coalesce.ts';

/** Something to mark in a document, in offsets of its text. */
export type LiveFinding = {
  start: number;
  end: number;
  message: string;
  severity: vscode.DiagnosticSeverity;
  code: string;
};
export type LiveDiagnosticsOptions = {
  /** Of the collection. */
  name: string;
  selector: vscode.DocumentSelector;
  /** From a change to the check, in milliseconds. */
  delayMs: number;
  find(document: vscode.TextDocument): Promise<readonly LiveFinding[]>;
  /** What besides the text makes all marks untrue. */
  changes: readonly ((listener: () => void) => vscode.Disposable)[];
};

/** Keeps marks in the open documents in step with their text and with what else they are made of. */
export function registerLiveDiagnostics(options: LiveDiagnosticsOptions): vscode.Disposable {
  const { name, selector, delayMs, find, changes } = options;
  const collection = vscode.languages.createDiagnosticCollection(name);
  const newest = new WeakMap<vscode.TextDocument, object>();

  async function check(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const own = {};
    newest.set(document, own);
    const findings = await find(document);
    // What was typed meanwhile is checked by itself, and an answer that was overtaken is none.
    if (document.isClosed || document.version !== version || newest.get(document) !== own) return;
    collection.set(
      document.uri,
      findings.map((finding) => diagnostic(document, finding)),
    );
  }

  const waiting = new Set<vscode.TextDocument>();
  const checkWaiting = coalesce(() => {
    const documents = [...waiting].filter(({ isClosed }) => !isClosed);
    waiting.clear();
    for (const document of documents) void check(document);
  }, delayMs);
  const later = (document: vscode.TextDocument) => {
    if (vscode.languages.match(selector, document) === 0) return;
    waiting.add(document);
    checkWaiting();
  };
  const all = () => vscode.workspace.textDocuments.forEach(later);
  all();

  return vscode.Disposable.from(
    collection,
    ...changes.map((onDidChange) => onDidChange(all)),
    vscode.workspace.onDidOpenTextDocument(later),
    vscode.workspace.onDidChangeTextDocument(({ document }) => later(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => collection.delete(uri)),
  );
}

function diagnostic(document: vscode.TextDocument, finding: LiveFinding): vscode.Diagnostic {
  const { start, end, message, severity, code } = finding;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  return Object.assign(new vscode.Diagnostic(range, message, severity), { source: 'PromptVault', code });
}
