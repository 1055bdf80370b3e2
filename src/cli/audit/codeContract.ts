import { basename, dirname, isAbsolute, relative } from 'node:path';
import { misfits, type Release } from '../../code/callSiteFit.ts';
import { findReferences } from '../../code/findReferences.ts';
import type { AuditProblem } from './auditTypes.ts';
import { placesIn, problemAt } from './place.ts';
import { sourceFiles } from './sourceFiles.ts';

/** Which calls a release breaks: `files` were read; not `complete` when there are more than the limits let be read. */
export type CodeContract = { versions: string[]; files: number; complete: boolean; breaks: AuditProblem[] };
export type CodeContractRequest = { folder: string; cwd: string; path: string; release: Release };
export type ReadLimits = { files: number; ms: number };

/** The calls in a folder's code that will get this version, and pass other variables than it declares. */
export async function codeContract(
  { folder, cwd, path, release }: CodeContractRequest,
  { files: most, ms }: ReadLimits,
  signal: AbortSignal,
): Promise<CodeContract> {
  const contract: CodeContract = { versions: [`${path}@${release.version}`], files: 0, complete: true, breaks: [] };
  const late = Number.isFinite(ms) ? AbortSignal.timeout(ms) : undefined;
  try {
    for await (const { file, language, text } of sourceFiles(
      [folder],
      cwd,
      late ? AbortSignal.any([signal, late]) : signal,
    )) {
      if (contract.files >= most) return { ...contract, complete: false };
      contract.files += 1;
      // A reference spells the path.
      if (!text?.includes(path)) continue;
      const references = findReferences(text, language).filter((reference) => reference.path === path);
      const place = placesIn(relative(cwd, file).replaceAll('\\', '/'), text);
      contract.breaks.push(...misfits(references, release).map((problem) => problemAt(problem, place(problem))));
    }
  } catch (error) {
    if (signal.aborted || !late?.aborted) throw error;
    return { ...contract, complete: false };
  }
  return contract;
}

/** Whose code a vault's prompts are used in: its own folder when the working folder is in there, else the working folder. */
export function codeFolder(vaultFile: string, cwd: string): string {
  const home = dirname(vaultFile);
  const folder = dirname(home);
  const below = relative(folder, cwd);
  return basename(home) === '.promptvault' && !below.startsWith('..') && !isAbsolute(below) ? folder : cwd;
}
