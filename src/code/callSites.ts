import { type Selected, selectVersion } from './selectVersion.ts';
import type {
  CallSiteProblem,
  ContractVersion,
  PassedVariables,
  PromptContract,
  PromptReference,
  Severity,
  TextRange,
} from './types.ts';

type Told = Omit<CallSiteProblem, 'reference' | 'start' | 'end' | 'variable'> & {
  at: TextRange;
  variable?: string;
};

/**
 * What is wrong with references, in their order: prompts that are not there or not in production, versions that are retired or
 * missing, variables that differ from the declared ones. `contractOf` answers null for a prompt that the vault has not, and
 * undefined for one that nobody knows anything of, of which nothing is said.
 */
export function checkCallSites(
  references: readonly PromptReference[],
  contractOf: (path: string) => PromptContract | null | undefined,
): CallSiteProblem[] {
  return references.flatMap((reference) => {
    const contract = contractOf(reference.path);
    if (contract === undefined) return [];
    return problemsOf(reference, contract).map(({ at, variable = null, ...told }) => {
      const { start, end } = at;
      return { ...told, start, end, variable, reference };
    });
  });
}

function problemsOf(reference: PromptReference, contract: PromptContract | null): Told[] {
  const { path, start, selector } = reference;
  const pathRange = { start, end: start + path.length };
  if (!contract) {
    const message = `The vault has no prompt ${path}.`;
    return [{ code: 'unknown', severity: reference.kind === 'call' ? 'error' : 'warning', message, at: pathRange }];
  }
  if (reference.asks === 'computed') return [];
  const selected = selectVersion(contract.versions, reference);
  const at = reference.selectorRange ?? pathRange;
  if ('missing' in selected) return [notServed(reference, selected, at)];
  const { found } = selected;
  const problems = differences(reference.variables, found.variables, { path, version: found.version, at: pathRange });
  if (selector === null || found.stage !== 'RET' || reference.asks === 'any') return problems;
  const prd = contract.versions.find(({ stage }) => stage === 'PRD')?.version;
  const now = prd ? `production is v${prd}` : 'nothing is in production';
  const message = `${path}@${selector} stays on v${found.version}, which is retired; ${now}.`;
  const severity: Severity = selected.by === 'range' ? 'information' : 'warning';
  return [{ code: 'retired', severity, message, at }, ...problems];
}

/** Code fails on it; what only speaks of a prompt does not. */
function severityOf({ kind }: PromptReference): Severity {
  return kind === 'call' || kind === 'url' ? 'error' : 'warning';
}

function notServed(
  reference: PromptReference,
  { missing, instead }: Extract<Selected<ContractVersion>, { missing: string }>,
  at: TextRange,
): Told {
  const { path, selector } = reference;
  const severity = severityOf(reference);
  if (selector === null || /^prd$/i.test(selector.trim())) {
    return { code: 'no-prd', severity, message: `${path} has no version in production.`, at };
  }
  const why: { [kind in typeof missing]: string } = {
    'no-selector': `"@${selector}" selects no version. Use a number (@2.3), a stage (@PRD), @latest or a range (@^2).`,
    'nothing-there': `${path} has no version that fits @${selector}.`,
    'not-released': `${path}@${selector} is v${instead?.version} in ${instead?.stage}; only released versions are served.`,
  };
  return { code: 'no-such-version', severity, message: why[missing], at };
}

/** Passed variables against the declared ones. Nothing is missing from a call that passes none: it gets the text unrendered. */
function differences(
  passed: PassedVariables | null,
  declared: ContractVersion['variables'],
  { path, version, at }: { path: string; version: string; at: TextRange },
): Told[] {
  if (!passed) return [];
  const given = new Set(passed.names.map(({ name }) => name));
  const missing = declared.filter(({ name, default: fallback }) => fallback === undefined && !given.has(name));
  const unknown = passed.names.filter(({ name }) => !declared.some((variable) => variable.name === name));
  return [
    ...(passed.complete ? missing : []).map(({ name }): Told => {
      const message = `${path} v${version} needs the variable ${name}, which is not passed.`;
      return { code: 'missing-variable', severity: 'error', message, at, variable: name };
    }),
    ...unknown.map((variable): Told => {
      const { name, start, end } = variable;
      const message = `${path} v${version} has no variable ${name}.`;
      return { code: 'unknown-variable', severity: 'error', message, at: { start, end }, variable: name };
    }),
  ];
}
