import { findReferences } from '../findReferences.ts';
import { snippetFor } from '../snippets.ts';
import { fetchLanguages } from './fetchExpression.ts';
import { csharpHelper, goHelper, javaHelper, rustHelper } from './helperTexts.ts';

/** `line` counts from 0; the text goes before it. */
export type Insertion = { line: number; text: string };
type Helper = { imports: readonly string[]; text: string; place: 'top' | 'end' };

const own: { readonly [languageId: string]: Helper } = {
  go: { imports: ['import "encoding/json"', 'import "os/exec"'], text: goHelper, place: 'end' },
  java: { imports: [], text: javaHelper, place: 'end' },
  csharp: { imports: [], text: csharpHelper, place: 'end' },
  rust: { imports: [], text: rustHelper, place: 'end' },
};

/** What defines the function that such an expression calls, in the order of the text; none where the text names it already. */
export function missingHelper(text: string, languageId: string): Insertion[] {
  const helper = fetchLanguages.includes(languageId) ? helperOf(languageId) : undefined;
  const uses = findReferences(text, languageId).filter((reference) => reference.kind === 'call').length;
  const named = text.match(/\bget_?prompt(?:_?text)?\b/gi)?.length ?? 0;
  if (!helper || named > uses) return [];
  const requires = /^javascript/.test(languageId) && /\brequire\(/.test(text) && !/^\s*(?:import|export)\b/m.test(text);
  const missing = helper.imports.filter((line) => !isImported(text, line));
  const imports = requires ? missing.map(asRequire) : missing;
  const line = lineAfterImports(text);
  const written = imports.map((one) => `${one}\n`).join('');
  if (helper.place === 'top') return [{ line, text: `${written && `${written}\n`}${helper.text}\n\n` }];
  const lines = text.split('\n').length;
  const end = {
    line: text.endsWith('\n') ? lines - 1 : lines,
    text: `${text.endsWith('\n') ? '' : '\n'}\n${helper.text}`,
  };
  return imports.length > 0 ? [{ line, text: written }, end] : [end];
}

/** That of the language's snippet, without its call; undefined where none is needed. */
function helperOf(languageId: string): Helper | undefined {
  if (Object.hasOwn(own, languageId)) return own[languageId];
  const snippet = languageId === 'shellscript' ? undefined : snippetFor(languageId);
  if (!snippet) return undefined;
  const lines = snippet.write.vault({ path: 'x', variables: [] }).split('\n');
  const isImport = (line: string) => /^(?:import|require) ?['"{\w]/.test(line);
  const text = lines.filter((line) => !isImport(line) && !/^(?:const |\$)?prompt = /.test(line)).join('\n');
  return { imports: lines.filter(isImport), text: text.trim(), place: 'top' };
}

/** As files write it that are no modules. */
function asRequire(line: string): string {
  return line.replace(/^import (\{ \w+ \}) from ('[\w:]+');/, 'const $1 = require($2);');
}

/** Whether what a line brings in is there already; twice it would be an error. */
function isImported(text: string, line: string): boolean {
  const [, name, module] = /^import \{ (\w+) \} from 'node:(\w+)'/.exec(line) ?? [];
  if (name && module) {
    const brought = `\\b${name}\\b[^;=()]{0,200}(?:from\\s*|=\\s*require\\()['"](?:node:)?${module}['"]`;
    return new RegExp(brought).test(text);
  }
  const [packageName] = /"[\w/]+"$/.exec(line) ?? [];
  if (packageName && line.startsWith('import')) return text.includes(packageName);
  return new RegExp(`^${line.replace(/[^\w\s]/g, '\\$&')}\\s*$`, 'm').test(text);
}

/** Behind what must or likes to stand first in a file. */
function lineAfterImports(text: string): number {
  const lines = text.split('\n', 400);
  let after = 0;
  for (let line = 0; line < lines.length; line += 1) {
    if (
      !/^(?:#!|<\?php|declare\b|namespace\b|package\b|use |using |import\b|from\b|require|['"]use )/.test(lines[line]!)
    )
      continue;
    // An import may go on over several lines.
    if (/[({][^)}]*$/.test(lines[line]!)) while (line < lines.length - 1 && !/[)}]/.test(lines[line]!)) line += 1;
    after = line + 1;
  }
  return after;
}
