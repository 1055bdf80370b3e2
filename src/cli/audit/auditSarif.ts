import { createHash } from 'node:crypto';
import { version } from '../version.ts';
import type { AuditReport, Place } from './auditTypes.ts';

type Level = 'error' | 'warning' | 'note';
type Finding = { ruleId: RuleId; level: Level; text: string; place: Place };

const rules = {
  unknown: 'The vault has no prompt of this path',
  'no-prd': 'The prompt has no version in production',
  retired: 'The call stays on a retired version',
  'no-such-version': 'No released version fits the selector',
  'missing-variable': 'A variable without a default is not passed',
  'unknown-variable': 'A variable is passed that the prompt does not declare',
  'would-break': 'The call would break if the version went to production',
  'hard-coded-prompt': 'A literal reads like a prompt that belongs into the vault',
} as const;
type RuleId = keyof typeof rules;
const ruleIds = Object.keys(rules) as RuleId[];
const levels = { error: 'error', warning: 'warning', information: 'note' } as const;

/** The findings as SARIF 2.1.0, for code scanning. All uses stand in the run's `properties.uses`. */
export function auditSarif(report: AuditReport): string {
  const seen = new Map<string, number>();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'PromptVault',
            version,
            rules: ruleIds.map((id) => ({ id, name: pascal(id), shortDescription: { text: rules[id] } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder the audit was started in' } } },
        results: findings(report).map((finding) => resultOf(finding, seen)),
        properties: { uses: report.uses, files: report.files },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function findings({ problems, literals, contract }: AuditReport): Finding[] {
  return [
    ...problems.map((one) => ({ ruleId: one.code, level: levels[one.severity], text: one.message, place: one })),
    ...(contract?.breaks ?? []).map((one): Finding => {
      const text = `Would break in production: ${one.message}`;
      return { ruleId: 'would-break', level: 'error', text, place: one };
    }),
    ...literals.map((one): Finding => {
      const text = `This reads like a prompt (${one.signals.join(', ')}). In the vault it has versions, tests and a rollback.`;
      return { ruleId: 'hard-coded-prompt', level: 'note', text, place: one };
    }),
  ];
}

function resultOf({ ruleId, level, text, place }: Finding, seen: Map<string, number>) {
  const { file, line, column, endLine, endColumn } = place;
  // The same finding elsewhere in the file is another one; a line above it makes no new one of it.
  const what = [ruleId, file, text].join('\0');
  const count = (seen.get(what) ?? 0) + 1;
  seen.set(what, count);
  const fingerprint = createHash('sha256').update(`${what}\0${count}`).digest('hex').slice(0, 32);
  return {
    ruleId,
    ruleIndex: ruleIds.indexOf(ruleId),
    level,
    message: { text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' },
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
      },
    ],
    partialFingerprints: { 'promptvault/v1': fingerprint },
  };
}

function pascal(id: string): string {
  return id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
