import { Command, InvalidArgumentError, Option } from 'commander';
import type { Stage } from '../vault/types.ts';
import type { CliIo, GlobalOptions, OptionKind, RunVerb, Verb, VerbOption } from './verb.ts';
import { version } from './version.ts';

const stages: readonly Stage[] = ['DEV', 'TST', 'PRD', 'RET'];

const journey = `
The main journey:
  promptvault init                                     make a vault in this folder
  promptvault import prompts/                          take in the prompts you have
  promptvault edit support/triage --file triage.md     save a draft; nothing before it is lost
  promptvault test support/triage --model echo:echo --cases cases.csv
  promptvault promote support/triage                   DEV to TST, then TST to PRD
  promptvault get support/triage                       what production gets
  promptvault rollback support/triage --to 1.0 --reason "worse answers"

A reference is a path and, if need be, a version: support/triage, support/triage@2.3, @PRD, @TST, @latest, @^2.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused by a rule, 4 not found, 5 conflict, 6 vault damaged, newer or
foreign, 100 tests failed or calls broken (audit, --contract). With --json an error is
{"error":{"code","message","details"}} on stdout.`;

/** The command line as commander knows it; `run` gets what was asked for. Nothing here ends the process. */
export function buildProgram(verbs: readonly Verb[], io: CliIo, run: RunVerb): Command {
  const program = new Command('promptvault')
    .description('Git for prompts: version, compare, test, promote and roll back LLM prompts in a local vault.')
    .version(version, '--version', 'print the version of promptvault')
    .option('--vault <file>', 'the vault; else the nearest .promptvault/vault.db in this folder or above')
    .option('--json', 'print one JSON value on stdout and nothing else there')
    .option('--actor <name>', 'who writes; else PROMPTVAULT_ACTOR, git user.name and user.email, or the OS user')
    .helpOption('-h, --help', 'help')
    .helpCommand('help [verb]', 'help on a verb')
    .commandsGroup('Help:')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // Errors are printed in one place, with their exit status.
      outputError: () => undefined,
    })
    .exitOverride()
    .addHelpText('after', journey);
  for (const verb of verbs) program.addCommand(toCommand(verb, program, run));
  return program;
}

function toCommand(verb: Verb, program: Command, run: RunVerb): Command {
  const [name = '', ...words] = verb.usage.split(/ (?=[<[])/);
  const command = new Command(name)
    .copyInheritedSettings(program)
    .description(verb.detail ? `${verb.summary}\n\n${verb.detail}` : verb.summary)
    .summary(verb.summary)
    .helpGroup(verb.group)
    .addHelpText('after', `\nExamples:\n${verb.examples.map((line) => `  ${line}`).join('\n')}`);
  for (const word of words) command.argument(word);
  for (const option of verb.options ?? []) command.addOption(toOption(option));
  return command.action(async (...given: unknown[]) => {
    const args = given
      .slice(0, words.length)
      .flat()
      .filter((word): word is string => typeof word === 'string');
    await run(verb, args, { ...program.opts<GlobalOptions>(), ...command.opts<object>() });
  });
}

const parsers: { readonly [Kind in OptionKind]?: (text: string, before: unknown) => unknown } = {
  list: (text, before) => [...((before as string[] | undefined) ?? []), text],
  count: (text) => wholeNumber(text),
  number: (text) => number(text),
  stage: (text) => stage(text),
};

function toOption({ flags, kind, about }: VerbOption): Option {
  const option = new Option(flags, about);
  const parser = parsers[kind];
  return parser ? option.argParser(parser) : option;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function stage(text: string): Stage {
  const found = stages.find((one) => one === text.toUpperCase());
  if (!found) throw new InvalidArgumentError(`It must be one of ${stages.join(', ')}.`);
  return found;
}
