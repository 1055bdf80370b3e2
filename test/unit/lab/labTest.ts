import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reachModels } from '../../../src/engine/reachModels.ts';
import { createLab, type Lab } from '../../../src/lab/lab.ts';
import type { Check } from '../../../src/lab/types.ts';
import type { Connection, PriceOverrides, Vendor } from '../../../src/models/types.ts';
import type { Message, Settings } from '../../../src/vault/types.ts';
import { openVault, type Vault } from '../../../src/vault/vault.ts';
import { type ModelScript, type ModelServer, startModelServer } from '../../support/modelServer.ts';

export const models = { openai: 'openai:gpt-test', anthropic: 'anthropic:claude-test', google: 'google:gemini-test' };
/** USD per million tokens; whole dollars, so that sums are easy to check. */
export const prices: PriceOverrides = {
  [models.openai]: { input: 1, output: 2 },
  [models.anthropic]: { input: 3, output: 4 },
  [models.google]: { input: 5, output: 6 },
};

export type LabTest = {
  file: string;
  vault: Vault;
  lab: Lab;
  server: ModelServer;
  /** Gives addresses and keys to the lab; replace `connection` to have them refused. */
  host: { connection(vendor: Vendor): Promise<Connection>; prices(): Promise<PriceOverrides> };
  /** A draft whose user message is `text`; its variables declare themselves. */
  prompt(path: string, text: string, settings?: Settings): string;
  /** Another connection to the same file with a lab of its own, calling `url` when told. */
  reopen(mode: 'read' | 'write', now?: () => Date, url?: string): { vault: Vault; lab: Lab; end(): Promise<void> };
  end(): Promise<void>;
};

/** A vault file, a lab and a server that plays three vendors, all real. */
export async function startLabTest(script: ModelScript = {}, overrides = prices): Promise<LabTest> {
  const folder = await mkdtemp(join(tmpdir(), 'pv-lab-'));
  const file = join(folder, 'vault.db');
  const server = await startModelServer(script);
  const open = (mode: 'create' | 'read' | 'write', now?: () => Date, baseUrl = server.url) => {
    const opened = openVault(file, { actor: 'Tester <t@example.org>', mode });
    const connection = async (vendor: Vendor) => ({ apiKey: `key-of-${vendor}`, baseUrl });
    const host: LabTest['host'] = { connection, prices: async () => overrides };
    return { vault: opened, host, lab: createLab({ vault: opened, models: reachModels(host), now }) };
  };
  const { vault, lab, host } = open('create');
  return {
    ...{ file, vault, lab, server, host },
    prompt(path, text, settings = {}) {
      const messages: Message[] = [{ role: 'user', content: text }];
      const { version } = vault.create({ path, messages, settings });
      return `${path}@${version}`;
    },
    reopen(mode, now, url) {
      const other = open(mode, now, url);
      const end = async () => {
        await other.lab.close();
        other.vault.close();
      };
      return { ...other, end };
    },
    async end() {
      await lab.close();
      vault.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Inline cases, one variable each. */
export const casesOf = (name: string, values: string[], checks: Check[] = []) =>
  values.map((value, index) => ({ id: String(index + 1), name: value, variables: { [name]: value }, checks }));
