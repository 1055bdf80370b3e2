import { findPlaceholders, type Placeholder } from '../engine/placeholders.ts';
import type { Variable } from '../vault/types.ts';
import { findSections, readMessages } from './draftText.ts';

/** What the vault knows of the version a text belongs to. */
export type Declared = { variables: readonly Variable[]; editable: boolean; storedNames: ReadonlySet<string> };
export type Finding = {
  kind: 'unreadable' | 'malformed' | 'declaredOnSave' | 'undeclared' | 'unused';
  /** The variable it is about; empty where it is about none. */
  name: string;
  message: string;
  start: number;
  end: number;
};

/** The placeholders of all messages, at their offsets in the whole text. */
export function placeholdersIn(text: string): Placeholder[] {
  return findSections(text).flatMap(({ bodyStart, end }) =>
    findPlaceholders(text.slice(bodyStart, end)).map((one) => ({
      ...one,
      start: one.start + bodyStart,
      end: one.end + bodyStart,
    })),
  );
}

/** The names of a text, each once. */
export const namesIn = (text: string) =>
  new Set(placeholdersIn(text).flatMap(({ kind, name }) => (kind === 'placeholder' ? name : [])));

/** Where the name stands inside its braces. */
export function nameRange({ text, name, start }: Placeholder): { start: number; end: number } {
  const at = start + text.indexOf(name);
  return { start: at, end: at + name.length };
}

/** What is to be said about a text, in the words and order of the editor panel's warnings. */
export function findFindings(text: string, declared: Declared): Finding[] {
  const { problem } = readMessages(text);
  if (problem) {
    const line = /^[^\r\n]*/.exec(text.slice(problem.offset))![0].length;
    return [
      { kind: 'unreadable', name: '', message: problem.message, start: problem.offset, end: problem.offset + line },
    ];
  }
  const known = new Set(declared.variables.map(({ name }) => name));
  const used = new Set<string>();
  const findings: Finding[] = [];
  for (const { kind, name, text: typed, start, end } of placeholdersIn(text)) {
    if (kind === 'malformed') findings.push({ kind, name: '', message: malformed(typed), start, end });
    else if (!known.has(name)) findings.push({ ...undeclared(name, declared), name, start, end });
    used.add(name);
  }
  const [first] = findSections(text);
  for (const name of known) {
    if (used.has(name)) continue;
    const message = `The variable ${name} is declared but stands nowhere in the text`;
    findings.push({ kind: 'unused', name, message, start: first!.start, end: first!.headingEnd });
  }
  return findings;
}

const malformed = (typed: string) =>
  `${typed} is no variable and stays as typed. A name has letters, digits and "_"; write \\{{ for braces`;

function undeclared(name: string, { editable, storedNames }: Declared): Pick<Finding, 'kind' | 'message'> {
  return editable && !storedNames.has(name)
    ? { kind: 'declaredOnSave', message: `${name} is new: it is declared when you save` }
    : { kind: 'undeclared', message: `${name} is not declared and stays as typed until it is` };
}
