import * as vscode from 'vscode';
import type { CallSiteProblem, PromptReference } from '../../code/types.ts';
import type { Deps } from '../deps.ts';
import { addVariable, removeVariable, renameVariable, type TextEdit } from './callSiteEdits.ts';
import { problemsIn } from './codeDiagnostics.ts';
import { codeSelector, type PromptFacts, rangeIn, versionMeant } from './codeReader.ts';
import { nearestPaths } from './nearestPaths.ts';

type Needs = Pick<Deps, 'vaults' | 'code'>;
type About = { document: vscode.TextDocument; vault: string; problem: CallSiteProblem; facts: PromptFacts | undefined };

/** Quick fixes for what is marked where code names prompts. */
export function registerCodeFixes({ vaults, code }: Needs): vscode.Disposable {
  const { reader } = code;

  async function fixesOf(about: About): Promise<vscode.CodeAction[]> {
    const { document, vault, problem } = about;
    const { reference, variable } = problem;
    const { languageId } = document;
    const text = document.getText();
    if (problem.code === 'unknown') {
      const near = await nearestPaths(await vaults.engine(vault), reference.path);
      const span = { start: reference.start, end: reference.start + reference.path.length };
      return near.map((path) => fix(about, `Change to ${path}`, { ...span, text: path }));
    }
    if (problem.code === 'no-prd') return [promoteFix(about)];
    if (problem.code === 'retired' || problem.code === 'no-such-version') return selectorFixes(about);
    const call = { languageId, reference, name: variable! };
    const offer = (title: string, edit: TextEdit | undefined) => (edit ? [fix(about, title, edit)] : []);
    if (problem.code === 'missing-variable') return offer(`Add the variable ${variable}`, addVariable(text, call));
    return [
      ...notPassed(about).flatMap((to) => offer(`Change to ${to}`, renameVariable(text, { ...call, to }))),
      ...offer(`Remove the variable ${variable}`, removeVariable(text, call)),
    ];
  }

  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, range) {
      const vault = reader.vaultOf(document.uri);
      if (!vault || reader.references(document).length === 0) return [];
      const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
      const here = (await problemsIn(document, reader)).filter((one) => one.start <= end && start <= one.end);
      const fixes = here.map(async (problem) => {
        const facts = (await reader.facts(vault, problem.reference.path)) ?? undefined;
        return fixesOf({ document, vault, problem, facts });
      });
      return (await Promise.all(fixes)).flat();
    },
  };
  const kinds = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
  return vscode.languages.registerCodeActionsProvider(codeSelector, provider, kinds);
}

function fix({ document }: About, title: string, { text, ...span }: TextEdit): vscode.CodeAction {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeIn(document, span), text);
  return Object.assign(new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix), { edit });
}

/** The variables that callers must give, and this one does not: a wrong name may have meant one of them. */
function notPassed({ problem: { reference }, facts }: About): string[] {
  const passed = reference.variables?.names.map(({ name }) => name) ?? [];
  const declared = (facts && versionMeant(facts, reference)?.variables) ?? [];
  const missing = declared.filter((one) => one.default === undefined && !passed.includes(one.name));
  return missing.slice(0, 3).map(({ name }) => name);
}

function promoteFix({ vault, problem }: About): vscode.CodeAction {
  const { path } = problem.reference;
  const title = `Promote ${path}…`;
  const command = { command: 'promptvault.version.promote', title, arguments: [{ vault, path }] };
  return Object.assign(new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix), { command });
}

/** What to ask for instead: production, or the newest of its major. */
function selectorFixes(about: About): vscode.CodeAction[] {
  const { reference } = about.problem;
  const prd = about.facts?.versions.find(({ stage }) => stage === 'PRD');
  const span = reference.selectorRange;
  if (!prd || !span) return [];
  const [major] = prd.version.split('.');
  return [
    fix(about, `Use what is in production (@PRD, v${prd.version})`, { ...span, text: 'PRD' }),
    fix(about, `Use the newest of v${major} (@^${major}, v${prd.version} or later)`, {
      ...span,
      text: range(reference, major!),
    }),
  ];
}

const range = ({ kind }: PromptReference, major: string) => (kind === 'url' ? `%5E${major}` : `^${major}`);
