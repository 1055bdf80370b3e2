import type { Message, Settings, Variable } from '../vault/types.ts';

/** One prompt as a format read it, before it has a place in the vault. */
export type SourcePrompt = {
  /** The file, with the row or item after `:` or `#`, for messages to a person. */
  source: string;
  /** Where it wants to be: a path written in the file, or the file's or title's own name. Any text. */
  name: string;
  /** True when the file itself says the path, so that a second one with it is a mistake and not a coincidence. */
  namesPath: boolean;
  /** Absent when nobody gave one: then `defaultTitle` names a new prompt and an existing one keeps its title. */
  title?: string;
  defaultTitle: string;
  description?: string;
  tags: string[];
  messages: Message[];
  settings: Settings;
  /** Absent when the file declares none: the vault then declares what it finds. */
  variables?: Variable[];
  rationale?: string;
};

/** What one file gave. */
export type FormatResult = {
  prompts: SourcePrompt[];
  skipped: { source: string; reason: string }[];
  notes: { source: string; note: string }[];
};

export function emptyResult(): FormatResult {
  return { prompts: [], skipped: [], notes: [] };
}

/** A message's largest size in UTF-8 bytes; DESIGN's cap against a mistaken import, far above any real prompt. */
export const maxPromptBytes = 10 * 1024 * 1024;
