import { csvReport } from './reportCsv.ts';
import { htmlReport } from './reportHtml.ts';
import { junitReport } from './reportJunit.ts';
import { markdownReport } from './reportMarkdown.ts';
import type { RunResult } from './types.ts';

const writers = {
  csv: csvReport,
  json: (result: RunResult) => `${JSON.stringify(result, null, 2)}\n`,
  junit: junitReport,
  html: htmlReport,
  markdown: markdownReport,
} as const satisfies { [format: string]: (result: RunResult) => string };

export type ReportFormat = keyof typeof writers;
export const reportFormats = Object.keys(writers) as ReportFormat[];

/** A run as the text of a file. JSON loses nothing; the others are for spreadsheets, CI servers and people. */
export function reportAs(format: ReportFormat, result: RunResult): string {
  return writers[format](result);
}

/** Drawing thousands of cases anew takes its time, so it is done for those alone that tell of it. */
export const tellsVerdicts = (format: ReportFormat): boolean => format !== 'csv' && format !== 'junit';
