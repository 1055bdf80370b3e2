export const importFormats = ['auto', 'fabric', 'markdown', 'text', 'csv', 'json', 'yaml'] as const;
export type ImportFormat = (typeof importFormats)[number];
export type ImportRequest = {
  sources: string[];
  format?: ImportFormat;
  folder?: string;
  tags?: string[];
  dryRun?: boolean;
};
/** Lists of prompt paths; `skipped` names the file or row and why. */
export type ImportReport = {
  created: string[];
  updated: string[];
  unchanged: string[];
  skipped: { source: string; reason: string }[];
  /** What was imported, but not wholly as a person may expect: a byte order mark dropped, unknown columns left out. */
  notes: { source: string; note: string }[];
};
