import { counted, table } from '../table.ts';
import type { AuditReport, Place } from './auditTypes.ts';

/** The report for a terminal. */
export function auditText(report: AuditReport): string {
  const { uses, problems, literals, contract } = report;
  const sections: string[] = [];
  if (uses.length > 0) {
    const rows = uses.map((use) => [
      at(use),
      use.path,
      use.selector ?? '',
      use.version && `v${use.version}`,
      use.stage,
      use.hash?.replace(/^sha256:/, '').slice(0, 12),
    ]);
    sections.push(table(['place', 'prompt', 'selector', 'version', 'stage', 'hash'], rows));
  }
  if (problems.length > 0) {
    const rows = problems.map((one) => [at(one), one.severity, one.code, one.message]);
    sections.push(table(['place', 'severity', 'problem', 'what it is'], rows));
  }
  if (contract && contract.breaks.length > 0) {
    const rows = contract.breaks.map((one) => [at(one), one.code, one.message]);
    sections.push(table(['place', 'would break', 'what it is'], rows));
  }
  if (literals.length > 0) {
    const rows = literals.map((one) => [at(one), short(one.text), one.signals.join(', ')]);
    sections.push(table(['place', 'likely a prompt', 'since'], rows));
  }
  return [...sections, summary(report)].join('\n\n');
}

/** One line for each kind of finding. */
export function summary({ files, skipped, uses, problems, literals, contract }: AuditReport): string {
  const prompts = new Set(uses.map(({ path }) => path)).size;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.filter(({ severity }) => severity === 'warning').length;
  const lines = [
    `${counted(uses.length, 'use')} of ${counted(prompts, 'prompt')} in ${counted(files, 'file')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}, ${counted(literals.length, 'likely hard-coded prompt')}`,
  ];
  if (skipped.length > 0) lines.push(`${counted(skipped.length, 'file')} left out: too large or no text`);
  if (contract) {
    const versions = contract.versions.length > 0 ? contract.versions.join(', ') : 'nothing that is in TST';
    lines.push(`In production, ${versions} would break ${counted(contract.breaks.length, 'call site')}`);
  }
  return lines.join('\n');
}

const at = ({ file, line, column }: Place) => `${file}:${line}:${column}`;

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
