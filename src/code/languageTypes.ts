/** How a substitution inside a string looks. `open` is a pattern; with `close` there is code in between, else `open` spans all of it. */
export type FillRule = { open: string; close: string | null };

/** How one form of string looks. Patterns are sources of regular expressions without groups. */
export type StringRule = {
  /** A pattern: prefix letters and marks. */
  open: string;
  /** A text, maybe made from what it began with; a pattern with `closePattern`. */
  close: string | ((opening: string) => string);
  closePattern?: true;
  /** How the closing mark stands inside; unless told it cannot. */
  escape?: 'backslash' | 'doubled';
  /** Which escapes `unescape` knows here. */
  escapes: EscapeName;
  /** Ends with its line, closed or not. */
  oneLine?: boolean;
  fills?: readonly FillRule[] | ((opening: string) => readonly FillRule[]);
  /** A pattern of two letters that stand for the first one, so that no substitution begins. */
  literal?: string;
  /** The text begins on the next line and ends on a line with this pattern. */
  heredoc?: (name: string) => string;
  /** YAML: the text is what is indented deeper than this line. */
  block?: true;
  /** Is run as a command. */
  runs?: true;
  /** YAML: several lines are one. */
  folds?: true;
  /** Holds no text: bytes, lists of words. */
  bytes?: true;
  /** What indentation is no part of the text. */
  margin?: Margin;
};
/**
 * The indentation of Java's texts is the least of all lines and the closing one (`block`), of C#'s that of the closing line
 * (`closing`), of PHP's that of the name behind the text (`name`), of Ruby's the least of all lines (`squiggly`).
 */
export type Margin = 'block' | 'closing' | 'name' | 'squiggly';
export type EscapeName =
  | 'none'
  | 'script'
  | 'python'
  | 'go'
  | 'java'
  | 'csharp'
  | 'ruby'
  | 'php'
  | 'single'
  | 'rust'
  | 'shell'
  | 'ansi'
  | 'yaml'
  | 'json';

export type CodeLanguage = {
  strings: readonly StringRule[];
  /** A pattern. */
  lineComment?: string;
  /** Pairs of patterns. */
  blockComments?: readonly (readonly [open: string, close: string])[];
  nestedComments?: true;
  /** A pattern of what holds marks and is no string: letters, escapes. */
  skip?: string;
  /** The code after which a slash begins a regular expression. */
  regexAfter?: RegExp;
  /** What surrounds the code of a file; `begins` is a pattern, `ends` a text. */
  outside?: { begins: string; ends: string };
  /** A call may stand without parentheses. */
  bareCalls?: true;
  /** Where it holds commands besides strings that are one: in its code (`words`), also as lists, or anywhere in its strings. */
  commands?: 'words' | 'lists' | 'strings';
  /** Between literals that make one text; `''` where they only follow each other. */
  joins?: readonly ('+' | '.' | '')[];
  /** How a literal map names its keys besides by strings: what stands behind a plain name, and whether a name alone is one. */
  keys: { names: ':' | '=' | null; shorthand: boolean };
};
