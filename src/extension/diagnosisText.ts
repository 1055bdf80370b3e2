import type { Diagnosis } from '../vault/careTypes.ts';

/** Text of the vault in a table cell or a line: nothing in it is markup. */
const plain = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>|#!]/g, '\\$&');

/** What the doctor found, as a document. */
export function diagnosisText(found: Diagnosis): string {
  const { backups, error, place, problems, steps } = found;
  const newest = backups.newest ? `, the newest of ${backups.newest.at} (${backups.newest.reason})` : '';
  const rows: [string, string][] = [
    ['Vault', found.file],
    ['Health', found.ok ? 'everything is as it was written' : 'not well'],
    ...(error ? [['Problem', error.message] as [string, string]] : []),
    ['Schema', `${found.schema ?? 'unknown'} (this PromptVault knows up to ${found.knownSchema})`],
    ['Holds', `${found.prompts} prompts, ${found.versions} versions, ${found.events} events`],
    ['Size', `${Math.ceil(found.bytes / 1024)} KB`],
    ['Writing', found.readOnlyReason ?? 'possible'],
    ['File system', place.fileSystem],
    ['Backups', `${backups.count}${newest} in ${backups.folder}`],
  ];
  const table = rows.map(([name, value]) => `| ${name} | ${plain(value)} |`).join('\n');
  const found50 = problems.slice(0, 50).map(({ what, path, version, detail }) => {
    const where = path ? `${path} v${version ?? '?'}: ` : '';
    return `- ${plain(`${where}${what}. ${detail}`)}`;
  });
  const listed = found50.length > 0 ? `\n\n## Found\n\n${found50.join('\n')}` : '';
  const next = steps.length > 0 ? `\n\n## What to do\n\n${steps.map((step) => `1. ${plain(step)}`).join('\n')}` : '';
  return `# The health of the vault\n\n| | |\n|---|---|\n${table}${next}${listed}\n`;
}
