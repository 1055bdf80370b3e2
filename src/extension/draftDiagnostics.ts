import * as vscode from 'vscode';
import { type Finding, findFindings } from './draftFindings.ts';
import type { DraftKnowledge } from './draftKnowledge.ts';
import { textSelector } from './draftTarget.ts';
import { registerLiveDiagnostics } from './liveDiagnostics.ts';

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
  return registerLiveDiagnostics({
    name: 'promptvault',
    selector: textSelector,
    delayMs: 150,
    async find(document) {
      const declared = await knowledge.of(document.uri);
      const findings = declared ? findFindings(document.getText(), declared) : [];
      return findings.map(({ kind, ...finding }) => ({ ...finding, severity: severities[kind], code: kind }));
    },
    changes: [knowledge.onDidChange],
  });
}
