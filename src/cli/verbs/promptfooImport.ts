import { basename, resolve } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { VaultError } from '../../shared/errors.ts';
import { plainLine } from '../plainText.ts';
import { counted } from '../table.ts';
import type { Answer } from '../verb.ts';

type Given = { format?: string; folder?: string; dryRun?: boolean };

/** A promptfoo configuration is known by its name, or by being called one. */
export function isPromptfoo(sources: readonly string[], format: string | undefined): boolean {
  if (format !== undefined && format !== 'auto') return format === 'promptfoo';
  return sources.length === 1 && /^promptfooconfig\.(ya?ml|json)$/i.test(basename(sources[0] ?? ''));
}

/** Takes a promptfoo configuration over and says what had no place. */
export async function importPromptfooFile(
  { sources, options, cwd }: { sources: readonly string[]; options: Given; cwd: string },
  engine: Engine,
  say: (line: string) => void,
): Promise<Answer> {
  const [file, ...others] = sources;
  if (file === undefined || others.length > 0) {
    throw new VaultError('USAGE', 'Name one promptfoo configuration at a time');
  }
  const { folder: name, dryRun } = options;
  const report = await engine.importPromptfoo({ file: resolve(cwd, file), name, dryRun });
  for (const { where, what, reason } of report.notCarried) {
    say(`not carried over: ${plainLine(where)}: ${plainLine(what)}: ${plainLine(reason)}`);
  }
  const { created, updated, unchanged, cases, dataset, suite, notCarried } = report;
  const lines = [
    `${dryRun ? 'Nothing was changed. It would be ' : ''}${counted(created.length + updated.length + unchanged.length, 'prompt')}: ${created.length} created, ${updated.length} updated, ${unchanged.length} unchanged`,
    dataset ? `${counted(cases, 'case')} in the dataset ${dataset}` : 'No tests to make a dataset of',
    suite ? `Run it with: promptvault test --suite ${suite}` : 'No model to make a suite with',
  ];
  if (notCarried.length > 0) lines.push(`${counted(notCarried.length, 'thing')} could not be carried over, see above`);
  return { json: report, text: lines.join('\n') };
}
