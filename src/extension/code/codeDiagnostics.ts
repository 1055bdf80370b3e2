import * as vscode from 'vscode';
import { checkCallSites } from '../../code/callSites.ts';
import type { CallSiteProblem, Severity } from '../../code/types.ts';
import { registerLiveDiagnostics } from '../liveDiagnostics.ts';
import { onDidChangeSetting, settings } from '../settings.ts';
import { type CodeReader, codeSelector } from './codeReader.ts';

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
  return registerLiveDiagnostics({
    name: 'promptvault-code',
    selector: codeSelector,
    delayMs: 250,
    async find(document) {
      const problems = await problemsIn(document, reader);
      return problems.map(({ severity, ...problem }) => ({ ...problem, severity: severities[severity] }));
    },
    changes: [reader.onDidChange, (listener) => onDidChangeSetting('codeDiagnostics.enabled', listener)],
  });
}
