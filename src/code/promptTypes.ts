/** A prompt whose variables become types: those of the version in production, or of the newest while there is none. */
export type TypedPrompt = {
  path: string;
  title: string;
  version: string;
  stage: string;
  variables: readonly { name: string; default?: string; description?: string }[];
};
export const typeLanguages = ['typescript', 'python'] as const;
export type TypeLanguage = (typeof typeLanguages)[number];

/**
 * The source text of types for all prompts and their variables, LF line ends. TypeScript: `PromptVariables` for
 * `createClient<PromptVariables>()`. Python: a TypedDict for each prompt and `GetPrompt`, a function with an overload for each.
 * The same prompts give the same text, so that it can stand in git.
 */
export function promptTypes(prompts: readonly TypedPrompt[], language: TypeLanguage): string {
  const sorted = prompts.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  return language === 'typescript' ? typeScript(sorted) : python(sorted);
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
const about = ({ title, path, version, stage }: TypedPrompt) => {
  const name = oneLine(title) === '' || title === path ? path : oneLine(title);
  return stage === 'PRD' ? `${name}: v${version}` : `${name}: v${version} ${stage}, not in production`;
};
const isRequired = ({ default: fallback }: TypedPrompt['variables'][number]) => fallback === undefined;

const typeScriptHead = `// Written by "promptvault types". Write it again when prompts change; do not edit it.
// import { createClient } from 'promptvault/client';
// const prompts = createClient<PromptVariables>({ source: … });

/** What a variable can be given; what is no text is rendered as JSON. */
export type PromptValue = string | number | boolean | null | PromptValue[] | { [key: string]: PromptValue };
export type PromptPath = keyof PromptVariables & string;

/** The variables of every prompt by its path. */
export interface PromptVariables {`;

function typeScript(prompts: readonly TypedPrompt[]): string {
  const entries = prompts.map((prompt) => {
    const head = `  ${comment(about(prompt))}\n  '${prompt.path}':`;
    if (prompt.variables.length === 0) return `${head} { [name: string]: never };`;
    const fields = prompt.variables.flatMap((variable) => {
      const field = `    ${variable.name}${isRequired(variable) ? '' : '?'}: PromptValue;`;
      const note = noteOf(variable);
      return note === '' ? [field] : [`    ${comment(note)}`, field];
    });
    return [`${head} {`, ...fields, '  };'].join('\n');
  });
  return `${[typeScriptHead, ...entries].join('\n')}\n}\n`;
}

function noteOf({ description = '', default: fallback }: TypedPrompt['variables'][number]): string {
  const standard = fallback === undefined ? '' : `${JSON.stringify(oneLine(fallback))} unless given.`;
  return [oneLine(description), standard].filter(Boolean).join(' ');
}

/** No text of a prompt can end the comment. */
function comment(text: string): string {
  return `/** ${text.replaceAll('*/', '*\\/')} */`;
}

const pythonHead = `# Written by "promptvault types --language python". Write it again when prompts change; do not edit it.
import sys
from typing import Any, Dict, List, Literal, Protocol, TypedDict, Union, overload

if sys.version_info >= (3, 11):
    from typing import NotRequired
else:
    from typing_extensions import NotRequired

# What a variable can be given; what is no text is rendered as JSON.
PromptValue = Union[str, int, float, bool, None, List[Any], Dict[str, Any]]
`;

function python(prompts: readonly TypedPrompt[]): string {
  const names = classNames(prompts);
  const classes = prompts.map((prompt, index) => {
    // As a call: a variable may be named like a word of the language.
    const fields = prompt.variables.map((variable) => {
      const type = isRequired(variable) ? 'PromptValue' : 'NotRequired[PromptValue]';
      const note = noteOf(variable);
      return `        ${quoted(variable.name)}: ${type},${note === '' ? '' : `  # ${note}`}\n`;
    });
    const body = fields.length === 0 ? '{}' : `{\n${fields.join('')}    }`;
    return `# ${about(prompt)}\n${names[index]} = TypedDict(\n    ${quoted(names[index]!)},\n    ${body},\n)\n`;
  });
  const paths = prompts.map(({ path }) => `    ${quoted(path)},\n`).join('');
  const path = prompts.length === 0 ? 'PromptPath = str\n' : `PromptPath = Literal[\n${paths}]\n`;
  // One alone is no overload.
  const overload = prompts.length > 1 ? '    @overload\n' : '';
  const calls = prompts.map(
    (prompt, index) =>
      `${overload}    def __call__(self, path: Literal[${quoted(prompt.path)}], values: ${names[index]} = ..., /) -> Any: ...\n`,
  );
  const none = '    def __call__(self, path: str, values: Dict[str, PromptValue] = ..., /) -> Any: ...\n';
  const getter = `class GetPrompt(Protocol):\n    """A function that fetches a prompt, rendered with the values."""\n\n${calls.join('\n') || none}`;
  return [pythonHead, ...classes, path, `\n${getter}`].join('\n');
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** `support/triage-2` is `SupportTriage2`; paths that would be alike get a number. */
function classNames(prompts: readonly TypedPrompt[]): string[] {
  const taken = new Set(['Any', 'Dict', 'List', 'Literal', 'Protocol', 'TypedDict', 'Union', 'NotRequired']);
  for (const name of ['PromptValue', 'PromptPath', 'GetPrompt', 'None', 'True', 'False']) taken.add(name);
  return prompts.map(({ path }) => {
    const words = path.split(/[^A-Za-z0-9]+/).filter(Boolean);
    const base = words
      .map((word) => word[0]!.toUpperCase() + word.slice(1))
      .join('')
      .replace(/^(?=\d)/, 'P');
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base}_${number}`;
    taken.add(name);
    return name;
  });
}
