import * as vscode from 'vscode';
import { coalesce } from './coalesce.ts';
import { type Finding, findFindings } from './draftFindings.ts';
import type { DraftKnowledge } from './draftKnowledge.ts';
import { textSelector } from './draftTarget.ts';

const { DiagnosticSeverity } = vscode;
const severities: Record<Finding['kind'], vscode.DiagnosticSeverity> = {
  unreadable: DiagnosticSeverity.Error,
  malformed: DiagnosticSeverity.Warning,
  undeclared: DiagnosticSeverity.Warning,
  declaredOnSave: DiagnosticSeverity.Hint,
  unused: DiagnosticSeverity.Hint,
};

/** Marks in prompt texts what keeps them from being saved, and variables that are not what they seem. */
export function registerDraftDiagnostics(knowledge: DraftKnowledge): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('promptvault');
  const ours = (document: vscode.TextDocument) => vscode.languages.match(textSelector, document) > 0;

  async function check(document: vscode.TextDocument): Promise<void> {
    const declared = await knowledge.of(document.uri);
    if (document.isClosed) return;
    const findings = declared ? findFindings(document.getText(), declared) : [];
    collection.set(
      document.uri,
      findings.map(({ kind, message, start, end }) => {
        const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
        const diagnostic = new vscode.Diagnostic(range, message, severities[kind]);
        diagnostic.source = 'PromptVault';
        diagnostic.code = kind;
        return diagnostic;
      }),
    );
  }

  const waiting = new Set<vscode.TextDocument>();
  const checkWaiting = coalesce(() => {
    const documents = [...waiting].filter(({ isClosed }) => !isClosed);
    waiting.clear();
    for (const document of documents) void check(document);
  }, 150);
  const later = (document: vscode.TextDocument) => {
    if (!ours(document)) return;
    waiting.add(document);
    checkWaiting();
  };
  const all = () => vscode.workspace.textDocuments.forEach(later);
  all();

  return vscode.Disposable.from(
    collection,
    knowledge.onDidChange(all),
    vscode.workspace.onDidOpenTextDocument(later),
    vscode.workspace.onDidChangeTextDocument(({ document }) => later(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => collection.delete(uri)),
  );
}
