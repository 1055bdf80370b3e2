import { relative } from 'node:path';
import { afterPromotion } from '../../code/callSiteFit.ts';
import { checkCallSites } from '../../code/callSites.ts';
import { findReferences } from '../../code/findReferences.ts';
import { findPromptLiterals } from '../../code/promptLiterals.ts';
import { selectVersion } from '../../code/selectVersion.ts';
import type { PromptContract, PromptReference, TextRange } from '../../code/types.ts';
import type { Engine } from '../../engine/engine.ts';
import { allVersions } from '../../engine/wholeHistory.ts';
import { codeOf, VaultError } from '../../shared/errors.ts';
import type { VersionInfo } from '../../vault/types.ts';
import type { AuditProblem, AuditReport, AuditUse, Place } from './auditTypes.ts';
import { placesIn, problemAt } from './place.ts';
import { sourceFiles } from './sourceFiles.ts';

type Contract = { versions: VersionInfo[] };
type Contracts = Map<string, Contract | null>;
type Found = { place: (range: TextRange) => Place; references: PromptReference[] };

export type AuditRequest = {
  /** Folders or files, relative to `cwd`. */
  places: readonly string[];
  cwd: string;
  /** `path[@selector]` that would go to production; true for all versions in TST; undefined when nobody asks. */
  contract?: string | true;
};

/** Every prompt that source files use, what is wrong with the uses, and literals that are likely prompts themselves. */
export async function audit(engine: Engine, request: AuditRequest, signal: AbortSignal): Promise<AuditReport> {
  const { places, cwd, contract } = request;
  const report: AuditReport = { files: 0, skipped: [], uses: [], problems: [], literals: [], contract: null };
  const contracts: Contracts = new Map();
  const all: Found[] = [];
  for await (const { file, language, text } of sourceFiles(places, cwd, signal)) {
    const name = relative(cwd, file).replaceAll('\\', '/');
    if (text === null) {
      report.skipped.push(name);
      continue;
    }
    report.files += 1;
    const place = placesIn(name, text);
    const references = findReferences(text, language);
    for (const { path } of references) {
      if (!contracts.has(path)) contracts.set(path, await contractOf(engine, path));
    }
    report.uses.push(...references.map((reference) => useOf(reference, place(reference), contracts)));
    report.problems.push(...problemsOf({ place, references }, (path) => contracts.get(path)));
    const literals = findPromptLiterals(text, language);
    report.literals.push(
      ...literals.map((one) => ({
        ...place(one),
        text: [...one.text].slice(0, 200).join(''),
        score: one.score,
        signals: one.signals,
      })),
    );
    if (references.length > 0) all.push({ place, references });
  }
  if (contract !== undefined) report.contract = await contractReport(engine, { contract, all, contracts });
  return report;
}

/** Null for a prompt that is not there. */
async function contractOf(engine: Engine, path: string): Promise<Contract | null> {
  try {
    return { versions: await allVersions(engine, path) };
  } catch (error) {
    if (codeOf(error) === 'NOT_FOUND' || codeOf(error) === 'INVALID_PATH') return null;
    throw error;
  }
}

function useOf(reference: PromptReference, place: Place, contracts: Contracts): AuditUse {
  const { path, selector, kind, asks, variables } = reference;
  const versions = contracts.get(path)?.versions ?? [];
  const selected = asks === 'computed' ? null : selectVersion(versions, { selector, asks });
  const version = selected && 'found' in selected ? selected.found : null;
  return {
    ...place,
    path,
    selector,
    kind,
    variables: variables?.names.map(({ name }) => name) ?? null,
    version: version?.version ?? null,
    stage: version?.stage ?? null,
    hash: version?.hash ?? null,
  };
}

function problemsOf({ place, references }: Found, contractFor: (path: string) => PromptContract | null | undefined) {
  return checkCallSites(references, contractFor).map((problem): AuditProblem => problemAt(problem, place(problem)));
}

/** What fits now and would not after. */
async function contractReport(
  engine: Engine,
  { contract, all, contracts }: { contract: string | true; all: readonly Found[]; contracts: Contracts },
): Promise<NonNullable<AuditReport['contract']>> {
  const candidates = contract === true ? candidatesOf(contracts) : [await candidate(engine, contract)];
  const breaks = candidates.flatMap(({ path, version }) => {
    const now = contracts.get(path);
    if (!now) return [];
    const then = afterPromotion(now, version);
    return all.flatMap(({ place, references }) => {
      const own = { place, references: references.filter((reference) => reference.path === path) };
      const known = new Set(problemsOf(own, () => now).map(keyOf));
      const after = problemsOf(own, () => then);
      return after.filter((problem) => problem.severity === 'error' && !known.has(keyOf(problem)));
    });
  });
  return { versions: candidates.map(({ path, version }) => `${path}@${version}`), breaks };
}

const keyOf = ({ file, line, column, code, variable }: AuditProblem) => [file, line, column, code, variable].join('\0');

/** The newest version in TST of each prompt that is used. */
function candidatesOf(contracts: Contracts): { path: string; version: string }[] {
  return [...contracts].flatMap(([path, contract]) => {
    const selected = selectVersion(contract?.versions ?? [], { selector: 'TST', asks: 'any' });
    return 'found' in selected ? [{ path, version: selected.found.version }] : [];
  });
}

async function candidate(engine: Engine, ref: string): Promise<{ path: string; version: string }> {
  const { path, version, stage } = await engine.show({ ref: ref.includes('@') ? ref : `${ref}@TST` });
  if (stage === 'DEV' || stage === 'TST') return { path, version };
  const message = `${path}@${version} is ${stage}: only a version that is not released yet can go to production`;
  throw new VaultError('INVALID_INPUT', message, { field: 'contract', value: ref });
}
