import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engineClient.ts';
import type { LabContract } from '../engine/panels.ts';
import { askName } from './askName.ts';
import { fromSuite, toSuite } from './labSetup.ts';
import type { PanelHandlers } from './panelConnection.ts';

type SuiteCall = 'openSuite' | 'saveSuite' | 'deleteSuite' | 'checksOf' | 'saveCheckSet';

/** Setups and checks under names. */
export function labSuiteHandlers(engine: () => Promise<EngineClient>): Pick<PanelHandlers<LabContract>, SuiteCall> {
  return {
    async openSuite({ name, setup }) {
      const host = await engine();
      const { definition } = await host.showSuite({ name });
      const versions = await Promise.all((definition.refs ?? []).map(async (ref) => host.show({ ref })));
      const own = versions.map(({ path, version }) => `${path}@${version}`);
      const paths = new Set(versions.map(({ path }) => path));
      // The versions that were chosen stay where the suite is about their prompts.
      const chosen = setup.refs.filter((ref) => paths.size === 0 || paths.has(ref.split('@')[0]!));
      return { ...fromSuite(name, definition), unsaved: setup.unsaved, refs: chosen.length > 0 ? chosen : own };
    },
    async saveSuite({ setup }) {
      const host = await engine();
      const taken = (await host.listSuites({})).map(({ name }) => name);
      const name = await askName({ title: 'Save as Suite', value: setup.suite ?? '', taken, what: 'suite' });
      if (name) await host.saveSuite({ name, definition: toSuite(setup) });
      return name;
    },
    async deleteSuite({ name }) {
      const remove = 'Delete Suite';
      const detail = 'Runs of it stay. A gate that asks for it stays closed until it names another one.';
      const chosen = await vscode.window.showWarningMessage(
        `Delete the suite ${name}?`,
        { modal: true, detail },
        remove,
      );
      if (chosen === remove) await (await engine()).deleteSuite({ name });
      return chosen === remove;
    },
    checksOf: async (p) => (await engine()).checksOf(p),
    async saveCheckSet({ checks }) {
      const host = await engine();
      const taken = (await host.listCheckSets({})).map(({ name }) => name);
      const name = await askName({ title: 'Save as Check Set', value: '', taken, what: 'check set' });
      if (name) await host.saveCheckSet({ name, checks });
      return name;
    },
  };
}
