import * as vscode from 'vscode';
import { checkCallSites } from '../../code/callSites.ts';
import type { CallSiteProblem, Severity } from '../../code/types.ts';
import { coalesce } from '../coalesce.ts';
import { onDidChangeSetting, settings } from '../settings.ts';
import { type CodeReader, codeSelector, rangeIn } from './codeReader.ts';

const severities: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** What is wrong where a document names prompts; nothing as long as the vault cannot be asked. */
export async function problemsIn(document: vscode.TextDocument, reader: CodeReader): Promise<CallSiteProblem[]> {
  const vault = settings.codeDiagnostics() ? reader.vaultOf(document.uri) : undefined;
  if (!vault) return [];
  const references = reader.references(document);
  const paths = [...new Set(references.map(({ path }) => path))];
  const known = new Map(await Promise.all(paths.map(async (path) => [path, await reader.facts(vault, path)] as const)));
  return checkCallSites(references, (path) => known.get(path));
}

/** Marks references that do not get what they ask for, in the documents that are open. */
export function registerCodeDiagnostics(reader: CodeReader): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('promptvault-code');

  async function check(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const problems = await problemsIn(document, reader);
    // What was typed meanwhile is checked by itself.
    if (document.isClosed || document.version !== version) return;
    collection.set(
      document.uri,
      problems.map(({ code, severity, message, ...span }) => {
        const diagnostic = new vscode.Diagnostic(rangeIn(document, span), message, severities[severity]);
        diagnostic.source = 'PromptVault';
        diagnostic.code = code;
        return diagnostic;
      }),
    );
  }

  const waiting = new Set<vscode.TextDocument>();
  const checkWaiting = coalesce(() => {
    const documents = [...waiting].filter(({ isClosed }) => !isClosed);
    waiting.clear();
    for (const document of documents) void check(document);
  }, 250);
  const later = (document: vscode.TextDocument) => {
    if (vscode.languages.match(codeSelector, document) === 0) return;
    waiting.add(document);
    checkWaiting();
  };
  const all = () => vscode.workspace.textDocuments.forEach(later);
  all();

  return vscode.Disposable.from(
    collection,
    reader.onDidChange(all),
    onDidChangeSetting('codeDiagnostics.enabled', all),
    vscode.workspace.onDidOpenTextDocument(later),
    vscode.workspace.onDidChangeTextDocument(({ document }) => later(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => collection.delete(uri)),
  );
}
