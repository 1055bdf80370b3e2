import { summary } from './auditText.ts';
import type { AuditReport, Place } from './auditTypes.ts';

const style = `
:root { color-scheme: light dark; font: 14px/1.45 system-ui, sans-serif; }
body { margin: 2rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border: 1px solid #8886; padding: .35rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
td:first-child, code { font-family: ui-monospace, monospace; font-size: 12px; }
.error { background: #c333; } .warning { background: #c803; } .information { background: #8883; }
.note { color: #888; }`;

/** One page that needs nothing else: no scripts, nothing loaded. What stands in code and in the vault is text in it. */
export function auditHtml(report: AuditReport): string {
  const { uses, problems, literals, contract } = report;
  const facts = summary(report).split('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Prompts in code</title>
<style>${style}
</style>
</head>
<body>
<h1>Prompts in code</h1>
${facts.map((line) => `<p>${escaped(line)}</p>`).join('\n')}
${section('Problems', ['Place', 'Problem', 'What it is'], problems, (one) => ({ mark: one.severity, cells: [one.code, one.message] }))}
${section('Would break', ['Place', 'Problem', 'What it is'], contract?.breaks ?? [], (one) => ({ mark: 'error', cells: [one.code, one.message] }))}
${section('Uses', ['Place', 'Prompt', 'Selector', 'Version', 'Stage', 'Variables', 'Hash'], uses, (one) => ({
  cells: [one.path, one.selector, one.version && `v${one.version}`, one.stage, one.variables?.join(', '), one.hash],
}))}
${section('Likely hard-coded prompts', ['Place', 'Text', 'Since'], literals, (one) => ({ cells: [one.text, one.signals.join(', ')] }))}
</body>
</html>
`;
}

type Row = { mark?: string; cells: (string | null | undefined)[] };

function section<Item extends Place>(
  title: string,
  heading: string[],
  items: readonly Item[],
  row: (item: Item) => Row,
): string {
  if (items.length === 0) return '';
  const head = heading.map((name) => `<th scope="col">${name}</th>`).join('');
  const rows = items.map((item) => {
    const { mark, cells } = row(item);
    const place = `${item.file}:${item.line}:${item.column}`;
    const texts = [place, ...cells].map((cell) => `<td>${escaped(cell ?? '–')}</td>`).join('');
    return `<tr${mark ? ` class="${mark}"` : ''}>${texts}</tr>`;
  });
  return `<h2>${title}</h2>\n<table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>`;
}

const letters: { readonly [letter: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => letters[letter]!);
}
