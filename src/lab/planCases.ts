import { createHash } from 'node:crypto';
import { VaultError } from '../shared/errors.ts';
import { canonicalJson } from '../vault/canonical.ts';
import { readCaseFile } from './caseFiles.ts';
import { prepareFor } from './checks.ts';
import { mapCases } from './fillRequest.ts';
import type { Case, RunRequest } from './types.ts';

/** `key` is the SHA-256 of what the case puts into the prompt: the same case in any run. */
export type PlannedCase = Case & { key: string };

/** The cases of a request, ready to be sent and judged; `declared` are the variables of all its versions. INVALID_INPUT for none or for an id given twice, BAD_FILE. */
export async function planCases(request: RunRequest, declared: readonly string[]): Promise<PlannedCase[]> {
  const cases = mapCases(await readCases(request), request.mapping, declared);
  if (cases.length === 0) throw invalid('There are no cases: nothing would be tested');
  const ids = new Set<string>();
  for (const { id } of cases) {
    if (ids.has(id)) throw invalid(`Two cases have the id ${id}`);
    ids.add(id);
  }
  const common = request.checks ?? [];
  return cases.map((one) => ({
    ...one,
    checks: [...one.checks, ...common].map((check) => prepareFor(check, one.variables)),
    key: caseKey(one),
  }));
}

async function readCases({ cases, casesFile }: RunRequest): Promise<Case[]> {
  if (cases && casesFile) throw invalid('Give either cases or a file of cases, not both');
  if (casesFile !== undefined) return (await readCaseFile(casesFile)).cases;
  // Without cases a version is run once with its defaults.
  return cases ?? [{ id: '1', name: 'Defaults', variables: {}, checks: [] }];
}

export function caseKey({
  variables,
  prefix = '',
  suffix = '',
}: Pick<Case, 'variables' | 'prefix' | 'suffix'>): string {
  return sha256(canonicalJson(prefix || suffix ? [variables, prefix, suffix] : variables));
}

export const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const invalid = (message: string) => new VaultError('INVALID_INPUT', message, { field: 'cases' });
