import { splitFrontMatter } from './frontMatter.ts';
import { FieldProblem, readFields } from './promptFields.ts';
import { badFile } from './readText.ts';
import type { SourceFile } from './sourceFiles.ts';
import { emptyResult, type FormatResult } from './sourcePrompt.ts';

/** A Markdown or text file: one user message, with front matter if it has some. */
export function readTextFormat(file: SourceFile, text: string): FormatResult {
  const result = emptyResult();
  const { data, body } = splitFrontMatter(text, file.shown);
  if (body.trim() === '') throw badFile(file.shown, 'there is no text in it');
  try {
    const { fields, unknown } = readFields(data, []);
    const source = file.shown;
    if (unknown.length > 0) {
      const note = `front matter left out: ${unknown.join(', ')} (what a model shall get goes under settings:)`;
      result.notes.push({ source, note });
    }
    result.prompts.push({
      ...fields,
      source,
      name: file.name,
      namesPath: false,
      defaultTitle: lastPart(file.name),
      messages: [{ role: 'user', content: body }],
    });
    return result;
  } catch (error) {
    if (error instanceof FieldProblem) throw badFile(file.shown, error.message);
    throw error;
  }
}

export function lastPart(name: string): string {
  return name.split('/').pop() ?? name;
}
