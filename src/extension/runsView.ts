import * as vscode from 'vscode';
import type { RunInfo } from '../lab/types.ts';
import { coalesce } from './coalesce.ts';
import type { Deps } from './deps.ts';
import { runFacts, runLabel } from './runText.ts';
import { vaultName } from './vaultName.ts';

type RunNode = { kind: 'run'; vault: string; id: string; run: RunInfo };
type Needs = Pick<Deps, 'vaults' | 'shell' | 'log'>;
const shown = 100;

/** Past runs, newest first; a click opens the Lab on that run. */
export function registerRunsView({ vaults, shell, log }: Needs): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();

  async function runs(): Promise<RunNode[]> {
    const lists = vaults.present().map(async ({ key }) => {
      const listed = await (await vaults.engine(key)).listRuns({ limit: shown });
      return listed.map((run): RunNode => ({ kind: 'run', vault: key, id: run.id, run }));
    });
    const all = (await Promise.all(lists)).flat();
    return all.sort((a, b) => b.run.startedAt.localeCompare(a.run.startedAt)).slice(0, shown);
  }

  const filled = shell.fillView<RunNode>('promptvault.runs', {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: (node) => runItem(node, vaultName(vaults, node.vault)),
      async getChildren(node) {
        if (node) return [];
        try {
          return await runs();
        } catch (error) {
          log.debug('The Runs view could not be read', String(error));
          return [];
        }
      },
    },
  });
  const refresh = coalesce(() => changed.fire(undefined), 250);
  return vscode.Disposable.from(
    filled,
    changed,
    vaults.onDidChangeState(refresh),
    vaults.onDidRun(({ progress }) => {
      if (progress.type === 'started' || progress.type === 'finished') refresh();
    }),
    vaults.onDidChange(({ change }) => {
      if (change.events.some(({ kind }) => kind.startsWith('run.'))) refresh();
    }),
  );
}

function runIcon({ status, failed, errors }: RunInfo): vscode.ThemeIcon {
  if (status === 'running') return new vscode.ThemeIcon('loading~spin');
  if (status !== 'done') return new vscode.ThemeIcon('circle-slash');
  if (errors > 0) return new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));
  if (failed > 0) return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
}

function runItem(node: RunNode, where: string | null): vscode.TreeItem {
  const item = new vscode.TreeItem(runLabel(node.run));
  item.id = `${node.vault} ${node.id}`;
  item.description = [where, runFacts(node.run, new Date())].filter(Boolean).join(' · ');
  item.iconPath = runIcon(node.run);
  item.contextValue = `run;status=${node.run.status}`;
  item.command = { command: 'promptvault.run.open', title: 'Open Run', arguments: [node] };
  item.accessibilityInformation = { label: `${item.label} ${item.description}, ${node.run.status}` };
  item.tooltip = `${node.run.versions.join(', ')}\n${node.run.models.join(', ')}\n${node.run.actor}`;
  return item;
}
