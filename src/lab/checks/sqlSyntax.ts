import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createKillableProcess, type KillableAnswer } from '../killableProcess.ts';

export const sqlDialects = ['mysql', 'postgresql', 'sqlite'] as const;
export type SqlDialect = (typeof sqlDialects)[number];

type Job = { grammar: string; text: string };
type Answer = { problem: string | null };

/** A grammar that goes back and forth: a few open brackets can take it seconds, so it runs where it can be killed. */
const aside = createKillableProcess<Job, Answer>({
  milliseconds: 2000,
  answer: `({ grammar, text }) => {
  const { Parser } = require(grammar);
  try {
    new Parser().parse(text);
    return { problem: null };
  } catch (error) {
    const { start } = error.location ?? {};
    return { problem: start ? 'line ' + start.line + ', column ' + start.column + ' is not understood' : error.message };
  }
}`,
});

/** Why a text is no SQL of the dialect, `problem: null` when it is; `stopped` when it took too long. */
export async function sqlProblem(text: string, dialect: SqlDialect): Promise<KillableAnswer<Answer>> {
  if (text.trim() === '') return { problem: 'it is empty' };
  if (text.length > 100_000) return { stopped: 'the output is longer than 100000 characters' };
  return aside.run({ grammar: grammarOf(dialect), text });
}

/** The build puts the grammars beside the bundle; in the sources they are the package's own. */
function grammarOf(dialect: SqlDialect): string {
  const built = join(import.meta.dirname, 'sql', `${dialect}.js`);
  if (existsSync(built)) return built;
  return createRequire(join(import.meta.dirname, 'sqlSyntax.ts')).resolve(`node-sql-parser/build/${dialect}.js`);
}
