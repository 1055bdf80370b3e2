import type { CallSiteCode, PromptReference, Severity } from '../../code/types.ts';

/** Lines and columns count from 1, columns in UTF-16 units. `file` is relative to the working folder, with `/`. */
export type Place = { file: string; line: number; column: number; endLine: number; endColumn: number };
/** A prompt used in a product. The version is the one that it gets now; null where none fits or it is worked out when it runs. */
export type AuditUse = Place & {
  path: string;
  selector: string | null;
  kind: PromptReference['kind'];
  /** Passed by name; null where none are. */
  variables: string[] | null;
  version: string | null;
  stage: string | null;
  hash: string | null;
};
export type AuditProblem = Place & {
  code: CallSiteCode;
  severity: Severity;
  message: string;
  path: string;
  variable: string | null;
};
/** A likely hard-coded prompt: the beginning of what it says, at most 200 letters. */
export type AuditLiteral = Place & { text: string; score: number; signals: string[] };
export type AuditReport = {
  /** Files read, and files left out since they are too large, no text or not readable. */
  files: number;
  skipped: string[];
  uses: AuditUse[];
  problems: AuditProblem[];
  literals: AuditLiteral[];
  /** What would break if these versions went to production; null where nobody asked. */
  contract: { versions: string[]; breaks: AuditProblem[] } | null;
};
