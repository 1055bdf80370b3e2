import { parseDocument } from 'yaml';
import { badFile } from './readText.ts';

/** D12: a small file can be hours of work for a parser; JSON has no such limit here. */
export const maxYamlBytes = 1024 * 1024;

/**
 * A YAML text as plain data, core schema only: no custom tags, no merge keys, few aliases. Fails with BAD_FILE and the
 * line; `firstLine` is where the text begins in its file.
 */
export function readYaml(text: string, shown: string, firstLine = 1): unknown {
  if (Buffer.byteLength(text) > maxYamlBytes) throw badFile(shown, 'YAML above 1 MB; split it or save it as JSON');
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    prettyErrors: true,
    logLevel: 'silent',
  });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) {
    const line = (problem.linePos?.[0].line ?? 1) + firstLine - 1;
    throw badFile(shown, `YAML: ${problem.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`, line);
  }
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    throw badFile(shown, `YAML: ${(error as Error).message}`);
  }
}
