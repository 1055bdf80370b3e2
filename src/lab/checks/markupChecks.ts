import type { Json } from '../../shared/json.ts';
import { cannotJudge, isObject, kind, quote, type Ready, readNothing, readText, type Verdict } from './checkKind.ts';
import { splitList } from './splitList.ts';
import { type SqlDialect, sqlDialects, sqlProblem } from './sqlSyntax.ts';
import { xmlProblem } from './xmlSyntax.ts';

const shortened = (text: string) => quote(text.trim().slice(0, 100));

function readElements(value: Json | undefined): string[] {
  if (value === undefined || value === null || value === '') return [];
  const required = isObject(value) ? value.requiredElements : value;
  if (isObject(value) && (required === undefined || Object.keys(value).length > 1))
    throw new Error('it takes {"requiredElements": [...]} and nothing else');
  return Array.isArray(required) ? required.map(readText) : splitList(readText(required));
}

function isXml(output: string, { value }: Ready<string[]>): Verdict {
  const problem = xmlProblem(output, value);
  if (problem) return { holds: false, reason: `Output is not the XML wanted: ${problem}` };
  return { holds: true, reason: value.length === 0 ? 'Output is XML' : `Output is XML with ${value.join(', ')}` };
}

async function isHtml(output: string): Promise<Verdict> {
  // The parser is large; whoever checks no HTML does not load it.
  const { htmlProblem } = await import('./htmlSyntax.ts');
  const problem = htmlProblem(output);
  return { holds: problem === null, reason: problem ? `Output is not HTML: ${problem}` : 'Output is HTML' };
}

function readDialects(value: Json | undefined): readonly SqlDialect[] {
  const given = isObject(value) ? value.databaseType : value;
  if (isObject(value) && Object.keys(value).some((key) => key !== 'databaseType'))
    throw new Error(`it knows the dialect alone: {"databaseType": "postgresql"}`);
  if (given === undefined || given === null || given === '') return sqlDialects;
  const name = String(given).trim().toLowerCase();
  const dialect = sqlDialects.find((one) => one === (name === 'postgres' ? 'postgresql' : name));
  if (dialect) return [dialect];
  throw new Error(`it knows ${sqlDialects.join(', ')}, not ${quote(String(given))}`);
}

async function isSql(output: string, { value: dialects }: Ready<readonly SqlDialect[]>): Promise<Verdict> {
  const problems: string[] = [];
  for (const dialect of dialects) {
    const answer = await sqlProblem(output, dialect);
    if ('stopped' in answer) throw cannotJudge(`The SQL could not be read: ${answer.stopped}`);
    if (answer.problem === null) return { holds: true, reason: `Output is SQL as ${dialect} knows it` };
    problems.push(`${dialect}: ${answer.problem}`);
  }
  return { holds: false, reason: `Output ${shortened(output)} is not SQL: ${problems[0] ?? ''}` };
}

export const markupChecks = {
  'is-xml': kind<string[]>({
    by: 'rule',
    about: 'the whole output is a well-formed XML document, with the elements named',
    value: 'nothing, or paths from the root as root.child, with commas between',
    example: 'is-xml:answer.intent, answer.score',
    read: readElements,
    judge: isXml,
  }),
  'is-html': kind<undefined>({
    by: 'rule',
    about: 'the whole output is an HTML document or fragment without errors of syntax',
    value: '',
    example: 'is-html',
    read: readNothing,
    judge: isHtml,
  }),
  'is-sql': kind<readonly SqlDialect[]>({
    by: 'rule',
    about: 'the whole output is SQL; without a dialect, as any of the known ones takes it',
    value: `nothing, or a dialect: ${sqlDialects.join(', ')}`,
    example: 'is-sql:postgresql',
    read: readDialects,
    judge: isSql,
  }),
};
