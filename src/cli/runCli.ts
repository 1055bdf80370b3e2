import { CommanderError } from 'commander';
import { toVaultError, VaultError } from '../shared/errors.ts';
import { exitCodeOf, exits } from './exitCodes.ts';
import { explain } from './explain.ts';
import { plainText } from './plainText.ts';
import { buildProgram } from './program.ts';
import { createSession } from './session.ts';
import type { Answer, Call, CliIo, Verb } from './verb.ts';
import { verbs } from './verbs/verbs.ts';

const printed = ['commander.helpDisplayed', 'commander.help', 'commander.version'];

/**
 * One call of the command line; answers its exit status. With --json stdout gets exactly one JSON value, the answer or
 * `{error}`; whatever else there is to say goes to stderr.
 */
export async function runCli(argv: string[], io: CliIo, interrupt: AbortSignal): Promise<number> {
  const json = wantsJson(argv);
  let exit: number = exits.done;
  const program = buildProgram(verbs, io, async (verb, args, options) => {
    const answer = await runVerb(verb, { args, options, io, signal: interrupt });
    io.stdout.write(options.json ? toJson(answer.json) : withNewline(answer.text));
    exit = answer.exit ?? exits.done;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError && printed.includes(error.code)) {
      return error.exitCode === 0 ? exits.done : exits.usage;
    }
    const failure = error instanceof CommanderError ? usageError(error) : toVaultError(error);
    const { code, message, details } = failure;
    if (json) io.stdout.write(toJson({ error: { code, message, details } }));
    else io.stderr.write(withNewline(explain(failure, verbIn(argv))));
    if (io.env.PROMPTVAULT_DEBUG === '1') io.stderr.write(withNewline(debugText(failure)));
    return interrupt.aborted && code === 'CANCELLED' ? exits.interrupted : exitCodeOf(code);
  }
}

async function runVerb(verb: Verb, call: Pick<Call<object>, 'args' | 'options' | 'io' | 'signal'>): Promise<Answer> {
  const session = createSession(call.io, call.options);
  try {
    return await verb.run({
      ...call,
      engine: session.engine,
      // May quote a vault, a file or a server.
      say: (line) => call.io.stderr.write(withNewline(plainText(line))),
    });
  } finally {
    await session.close();
  }
}

/** Known even when the words cannot be understood, so that the error has the right form. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

/** Known even when its words cannot be understood. */
function verbIn(argv: readonly string[]): string | undefined {
  const names = new Set(verbs.map(({ usage }) => usage.split(' ', 1)[0]));
  return argv.find((word) => names.has(word));
}

function usageError(error: CommanderError): VaultError {
  return new VaultError('USAGE', error.message.replace(/^error: /, ''), {}, error);
}

function debugText(error: Error): string {
  const cause = error.cause instanceof Error ? `\n${error.cause.stack ?? error.cause.message}` : '';
  return (error.stack ?? error.message) + cause;
}

const toJson = (value: unknown) => (value === undefined ? '' : `${JSON.stringify(value, null, 2)}\n`);
const withNewline = (text: string) => (text.endsWith('\n') || text === '' ? text : `${text}\n`);
