/** A place in a source text, in UTF-16 units as editors count; `end` is the first unit behind it. */
export type TextRange = { start: number; end: number };

/**
 * A prompt named in source text. `start`..`end` spells the path and, where it stands right behind, `@selector`; the path alone
 * is `start`..`start + path.length`.
 */
export type PromptReference = TextRange & {
  path: string;
  /** As typed behind `@`, or given as `range` or `version`; null means what is in production. */
  selector: string | null;
  /** Where the selector is written; null without one. In an address it may be percent-encoded there. */
  selectorRange: TextRange | null;
  kind: 'call' | 'uri' | 'comment' | 'url';
  /**
   * `released`: only PRD and RET are served, PRD unless told (`get`). `any`: every stage, the newest unless told (`promptvault
   * test`). `computed`: which version is worked out when it runs.
   */
  asks: 'released' | 'any' | 'computed';
  /** Null where none are passed, so that the text comes as it is written, braces and all. */
  variables: PassedVariables | null;
};
export type PassedVariable = TextRange & { name: string };
/** What a call gives for a prompt's variables. Not `complete`: a spread or a computed value may bring others. */
export type PassedVariables = { names: PassedVariable[]; complete: boolean };

export type DeclaredVariable = { name: string; default?: string };
/** What callers may rely on in a version: `VersionInfo` fits. */
export type ContractVersion = {
  version: string;
  stage: 'DEV' | 'TST' | 'PRD' | 'RET';
  variables: readonly DeclaredVariable[];
};
/** All versions of a prompt, in any order. */
export type PromptContract = { versions: readonly ContractVersion[] };

export type CallSiteCode =
  | 'unknown' // the vault has no such prompt
  | 'no-prd' // nothing is in production, and nothing else was asked for
  | 'retired' // it stays on a version that production has left behind
  | 'no-such-version' // no released version fits the selector, or it is none
  | 'missing-variable' // declared without a default, and not passed
  | 'unknown-variable'; // passed, and not declared
export type Severity = 'error' | 'warning' | 'information';
/** Something wrong with a reference. Its range is the path, the selector or the passed variable it speaks of. */
export type CallSiteProblem = TextRange & {
  code: CallSiteCode;
  severity: Severity;
  /** For a person, in whole sentences. */
  message: string;
  /** Of `missing-variable` and `unknown-variable`; else null. */
  variable: string | null;
  reference: PromptReference;
};

/** A literal as a prompt: what `extractLiteral` answers with. */
export type ExtractedLiteral = {
  /** Unescaped, each substitution as `{{name}}`. */
  text: string;
  /** The substitutions in the order of their first appearance, each name once. `expression` is the source as written. */
  variables: { name: string; expression: string }[];
  /** The literal with its prefix and marks, or the call that formats it: what a fetch takes the place of. */
  range: TextRange;
  /** Source text that must stand before and behind the fetch there, so that it means the same. */
  around: readonly [before: string, behind: string];
  /** What else changes: the word that made a constant of it, which can hold no call. Before `range`. */
  constant: (TextRange & { text: string }) | null;
};
/** A string literal that reads like a prompt: what it says, with `{{variables}}`. `score` is 1 at the threshold of being told; `signals` name what spoke for it. */
export type PromptLiteral = TextRange & { text: string; score: number; signals: string[] };
