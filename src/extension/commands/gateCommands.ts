import * as vscode from 'vscode';
import type { Gate, SuiteInfo } from '../../lab/dataTypes.ts';
import { VaultError } from '../../shared/errors.ts';
import { chooseVault } from '../chooseVault.ts';
import type { Deps } from '../deps.ts';
import { registerCommands } from '../registerCommands.ts';

type Needs = Pick<Deps, 'vaults' | 'log'>;
const title = 'Set Release Gate';

export function registerGateCommands(deps: Needs): vscode.Disposable {
  return vscode.Disposable.from(registerCommands({ 'promptvault.gate.set': async () => setGate(deps) }, deps.log));
}

/** Which suite a version must have passed before TST goes to PRD, and how much of it; or that there is no gate. */
async function setGate({ vaults }: Needs): Promise<void> {
  const vault = await chooseVault({ vaults }, title);
  if (!vault) return;
  const engine = await vaults.engine(vault);
  const [before, suites] = await Promise.all([engine.gate(), engine.listSuites({ limit: 1000 })]);
  if (suites.length === 0 && !before) {
    const message = 'A gate needs a suite, and this vault has none yet: save one in the Lab';
    throw new VaultError('NOT_FOUND', message, { ref: 'suite' });
  }
  const suite = await pickSuite(suites, before);
  if (suite === undefined) return;
  const passRate = suite === null ? null : await askPassRate(before);
  if (passRate === undefined) return;
  // What the command line asked of its metrics stays with the suite.
  const metrics = before?.suite === suite && before?.metrics ? { metrics: before.metrics } : {};
  const gate = suite === null ? null : { suite, ...(passRate === null ? {} : { passRate }), ...metrics };
  await engine.setGate({ gate });
  const said = gate ? `TST goes to PRD with a run on ${gate.suite}` : 'There is no release gate any more';
  vscode.window.setStatusBarMessage(`$(${gate ? 'lock' : 'unlock'}) ${said}`, 5000);
}

/** The suite's name, null for no gate, undefined when called off. */
async function pickSuite(suites: readonly SuiteInfo[], before: Gate | null): Promise<string | null | undefined> {
  const rows = suites.map(({ name, updatedBy }) => ({
    label: `$(beaker) ${name}`,
    description: name === before?.suite ? 'the gate now' : `by ${updatedBy}`,
    suite: name as string | null,
  }));
  const off = { label: '$(unlock) No gate', description: before ? 'takes it away' : 'as it is now', suite: null };
  const placeHolder = 'TST goes to PRD only when the version passed this suite and got nowhere worse than production';
  return (await vscode.window.showQuickPick([...rows, off], { title, placeHolder }))?.suite;
}

/** A share from 0 to 1, null for what the suite itself wants, undefined when called off. */
async function askPassRate(before: Gate | null): Promise<number | null | undefined> {
  const text = await vscode.window.showInputBox({
    title: `${title}: pass rate`,
    prompt: 'How many of 100 cells must pass. Leave it empty for what the suite itself wants.',
    placeHolder: '95',
    ...(before?.passRate === undefined ? {} : { value: String(Math.round(before.passRate * 1000) / 10) }),
    validateInput: (typed) => (shareOf(typed) === undefined ? 'A number from 0 to 100' : null),
  });
  return text === undefined ? undefined : shareOf(text);
}

function shareOf(text: string): number | null | undefined {
  const typed = text.trim().replace(/\s*%$/, '');
  if (typed === '') return null;
  const percent = Number(typed.replace(',', '.'));
  return percent >= 0 && percent <= 100 ? percent / 100 : undefined;
}
