import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engineClient.ts';
import type { Evidence } from '../lab/evidence.ts';
import { codeOf } from '../shared/errors.ts';
import { coalesce } from './coalesce.ts';
import type { Deps } from './deps.ts';
import { tellChanges } from './history/changedSince.ts';
import type { MoreNode, VersionNode } from './promptNodes.ts';
import { createPromptPages } from './promptPages.ts';
import { versionTooltip } from './promptTooltips.ts';
import { registerCommands } from './registerCommands.ts';
import { vaultName } from './vaultName.ts';
import { isDraft, type RevisionNode, type TimelineNode, type TimelineVersion, timelineItem } from './versionRows.ts';

const page = 100;
type Needs = Pick<Deps, 'vaults' | 'selection' | 'shell' | 'log'>;

/** The versions of the selected prompt, newest first, with the saved states of drafts below them. */
export function registerVersionsView({ vaults, selection, shell, log }: Needs): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const versionPages = createPromptPages<TimelineVersion>();
  const revisionPages = createPromptPages<RevisionNode>();
  const more = (vault: string, group: string, what: string): MoreNode => {
    return { kind: 'more', vault, group, left: null, what };
  };

  async function versions(): Promise<TimelineNode[]> {
    const current = selection.current();
    if (!current) return [];
    const { vault, path } = current;
    const engine = await vaults.engine(vault);
    const id = `versions ${vault} ${path}`;
    const found = await versionPages.read(id, async (from) => {
      const { versions: infos, more: left } = await engine.history({
        path,
        versionLimit: page,
        eventLimit: 0,
        ...from,
      });
      const hasPrd = await inProduction(engine, path);
      const evidence = await evidenceByHash(engine, path);
      const rows = infos.map((info): TimelineVersion => {
        const node = { vault, path, version: info.version, under: 'versions', info, hasPrd };
        return { kind: 'version', ...node, evidence: evidence.get(info.hash) };
      });
      return { rows, next: left.versions ? { versionsBefore: infos.at(-1)?.version } : null, total: null };
    });
    return found.more ? [...found.rows, more(vault, id, `versions of ${path}`)] : found.rows;
  }

  async function revisions({ vault, path, version, info }: VersionNode): Promise<TimelineNode[]> {
    if (!isDraft(info)) return [];
    const engine = await vaults.engine(vault);
    const id = `revisions ${vault} ${path}@${version}`;
    const found = await revisionPages.read(id, async (from) => {
      const saved = await engine.revisions({ ref: `${path}@${version}`, limit: page, ...from });
      const rows = saved.map((one, index): RevisionNode => {
        const newest = index === 0 && from.before === undefined;
        return { kind: 'revision', vault, path, version, revision: one.revision, saved: one, newest };
      });
      return { rows, next: saved.length === page ? { before: saved.at(-1)?.revision } : null, total: null };
    });
    return found.more ? [...found.rows, more(vault, id, `revisions of v${version}`)] : found.rows;
  }

  const filled = shell.fillView<TimelineNode>('promptvault.versions', {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: timelineItem,
      async getChildren(node) {
        try {
          if (!node) return await versions();
          return node.kind === 'version' ? await revisions(node) : [];
        } catch (error) {
          // The prompt may just have been deleted or moved: an empty view says so.
          log.debug('The Versions view could not be read', String(error));
          return [];
        }
      },
      async resolveTreeItem(item, node) {
        if (node.kind !== 'version') return item;
        const tooltip = versionTooltip(node.info, node.evidence);
        item.tooltip = tooltip;
        // What changed is an extra: without it the tooltip still says the rest.
        await tellChanges(tooltip, { vaults }, node).catch((error) => log.debug('No changes told', String(error)));
        return item;
      },
    },
  });

  const { view } = filled;
  const wanted = () => JSON.stringify([selection.current()?.vault, selection.current()?.path]);
  let shown = wanted();
  function refresh(): void {
    shown = wanted();
    const { path, vault } = selection.current() ?? {};
    const where = vault && vaultName(vaults, vault);
    view.description = [where, path].filter(Boolean).join(' · ');
    view.message = undefined;
    void vscode.commands.executeCommand('setContext', 'promptvault.selected', path !== undefined);
    versionPages.forgetRows();
    revisionPages.forgetRows();
    changed.fire(undefined);
  }

  const later = coalesce(refresh);
  return vscode.Disposable.from(
    filled,
    changed,
    view.onDidChangeSelection(({ selection: rows }) => {
      selection.setRows(rows.filter((one) => one.kind === 'version'));
    }),
    // Another version of the same prompt is in the list already; a list read anew closes the menu of who is just using it.
    selection.onDidChange(() => shown !== wanted() && later()),
    vaults.onDidChangeState(later),
    vaults.onDidChange(({ vault, change }) => {
      const current = selection.current();
      if (current?.vault !== vault) return;
      const touched = change.events.some(({ path }) => path === current.path || path === null);
      if (touched || change.events.length === 0) later();
    }),
    registerCommands(
      {
        'promptvault.versions.loadMore': async (id) => {
          versionPages.loadMore(id ?? '');
          revisionPages.loadMore(id ?? '');
          changed.fire(undefined);
        },
      },
      log,
    ),
  );
}

async function evidenceByHash(engine: EngineClient, path: string): Promise<Map<string, Evidence>> {
  return new Map((await engine.evidence({ path })).map((one) => [one.hash, one]));
}

/** Its version in production may be far down the pages. */
async function inProduction(engine: EngineClient, path: string): Promise<boolean> {
  try {
    await engine.get({ ref: path });
    return true;
  } catch (error) {
    if (codeOf(error) === 'NOT_FOUND') return false;
    throw error;
  }
}
