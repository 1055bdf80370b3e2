import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promptTypes, type TypedPrompt, type TypeLanguage, typeLanguages } from '../../code/promptTypes.ts';
import type { Engine } from '../../engine/engine.ts';
import { VaultError } from '../../shared/errors.ts';
import { auditHtml } from '../audit/auditHtml.ts';
import { auditSarif } from '../audit/auditSarif.ts';
import { auditText, summary } from '../audit/auditText.ts';
import type { AuditReport } from '../audit/auditTypes.ts';
import { exits } from '../exitCodes.ts';
import { plainLine } from '../plainText.ts';
import { counted } from '../table.ts';
import type { Verb } from '../verb.ts';

const group = 'Using:';

type TypesOptions = { out?: string; language?: string; folder?: string; check?: boolean };

const types: Verb<TypesOptions> = {
  usage: 'types',
  group,
  summary: 'write types of all prompts and their variables, so that a wrong one does not compile',
  detail:
    'TypeScript for createClient<PromptVariables>() of promptvault/client, or Python TypedDicts. They are those of the version in production, or of the newest while there is none. With --check nothing is written: it ends with exit code 1 when the file is not up to date.',
  options: [
    { flags: '--out <file>', kind: 'text', about: 'the file to write, or to check; else stdout' },
    { flags: '--language <name>', kind: 'text', about: 'typescript (default, unless --out ends with .py) or python' },
    { flags: '--folder <folder>', kind: 'text', about: 'only prompts in this folder and below it' },
    { flags: '--check', kind: 'flag', about: 'only say whether the file is up to date' },
  ],
  examples: ['promptvault types --out src/prompts.ts', 'promptvault types --out prompts.py --check'],
  async run({ options: { out, language, folder, check }, io, engine, signal }) {
    const named = typeLanguage(language ?? (out && /\.pyi?$/.test(out) ? 'python' : 'typescript'));
    if (check && out === undefined) throw new VaultError('USAGE', 'Name the file to check: --out <file>');
    const prompts = await typedPrompts(await engine('read'), folder, signal);
    const text = promptTypes(prompts, named);
    if (out === undefined) return { json: { language: named, prompts: prompts.length, text }, text: text.trimEnd() };
    const file = resolve(io.cwd, out);
    const json = { file, language: named, prompts: prompts.length };
    if (check) {
      const same = readIfThere(file)?.replaceAll('\r\n', '\n') === text;
      const told = same ? 'is up to date' : 'is not up to date. Write it again without --check';
      return { json: { ...json, same }, text: `${plainLine(out)} ${told}`, exit: same ? exits.done : exits.failed };
    }
    write(file, text);
    return { json, text: `Wrote ${plainLine(out)}: ${counted(prompts.length, 'prompt')}` };
  },
};

function typeLanguage(name: string): TypeLanguage {
  const known = typeLanguages.find((one) => one === name.toLowerCase());
  if (known) return known;
  throw new VaultError('USAGE', `--language ${name}: use ${typeLanguages.join(' or ')}`, { field: 'language' });
}

async function typedPrompts(engine: Engine, folder: string | undefined, signal: AbortSignal): Promise<TypedPrompt[]> {
  const prompts: TypedPrompt[] = [];
  let next: Parameters<Engine['list']>[0] | null = {};
  while (next) {
    const page: Awaited<ReturnType<Engine['list']>> = await engine.list({ folder, ...next });
    for (const { path, stages } of page.prompts) {
      signal.throwIfAborted();
      const { title, version, stage, variables } = await engine.show({ ref: stages.PRD ? `${path}@PRD` : path });
      prompts.push({ path, title, version, stage, variables });
    }
    next = page.next;
  }
  return prompts;
}

const formats = {
  table: auditText,
  json: (report: AuditReport) => `${JSON.stringify(report, null, 2)}\n`,
  sarif: auditSarif,
  html: auditHtml,
} as const;
const failures = ['error', 'warning', 'none'] as const;
type AuditOptions = { format?: string; out?: string; failOn?: string; contract?: string | true };

const auditVerb: Verb<AuditOptions> = {
  usage: 'audit <folder...>',
  group,
  summary: 'list every prompt that code uses with its version, stage and hash, and check the calls',
  detail:
    'Finds references in TypeScript, JavaScript, Python, Go, Java, C#, Ruby, PHP, Rust, shell, YAML and JSON, and literals that are likely prompts themselves. In a git repository it reads the files that git does not ignore. Each call is checked: does the prompt exist, is a version in production, is a retired one in use, do the variables fit. --contract also tells which calls would break if a version went to production: support/triage@TST, or all that are in TST. Ends with exit code 100 when a call is broken or would break.',
  options: [
    { flags: '--format <name>', kind: 'text', about: 'table (default), json, sarif or html' },
    { flags: '--out <file>', kind: 'text', about: 'write the report into a file' },
    { flags: '--fail-on <severity>', kind: 'text', about: 'error (default), warning, or none: always exit code 0' },
    {
      flags: '--contract [ref]',
      kind: 'text',
      about: 'what would break if this version, or all in TST, were promoted',
    },
  ],
  examples: [
    'promptvault audit src',
    'promptvault audit . --contract support/triage@TST',
    'promptvault audit . --format sarif --out prompts.sarif --fail-on warning',
  ],
  async run({ args, options, io, engine, signal }) {
    const format = oneOf('--format', options.format ?? 'table', Object.keys(formats) as (keyof typeof formats)[]);
    const failOn = oneOf('--fail-on', options.failOn ?? 'error', failures);
    const request = { places: args, cwd: io.cwd, contract: options.contract };
    // Loaded late: no other verb needs to know how thirteen languages look.
    const { audit } = await import('../audit/audit.ts');
    const report = await audit(await engine('read'), request, signal);
    const exit = fails(report, failOn) ? exits.testsFailed : exits.done;
    const text = formats[format](report);
    if (options.out === undefined) return { json: report, text: text.trimEnd(), exit };
    write(resolve(io.cwd, options.out), text);
    return { json: report, text: `${summary(report)}\nWrote ${plainLine(options.out)}`, exit };
  },
};

function fails({ problems, contract }: AuditReport, failOn: (typeof failures)[number]): boolean {
  if (failOn === 'none') return false;
  const counts = (severity: string) => severity === 'error' || (failOn === 'warning' && severity === 'warning');
  return problems.some(({ severity }) => counts(severity)) || (contract?.breaks.length ?? 0) > 0;
}

function oneOf<Name extends string>(flag: string, given: string, names: readonly Name[]): Name {
  const known = names.find((name) => name === given.toLowerCase());
  if (known) return known;
  throw new VaultError('USAGE', `${flag} ${given}: use ${names.join(', ')}`, { field: flag });
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new VaultError('READ_ONLY', `${file} could not be written: ${(error as Error).message}`, { file }, error);
  }
}

export const codeVerbs: readonly Verb[] = [types, auditVerb];
