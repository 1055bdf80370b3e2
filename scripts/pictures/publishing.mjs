import { join } from 'node:path';
import { openEndpointServer } from '../../test/support/endpointServer.ts';
import { editorTab, runCommand, sideBarView, treeRow } from '../../test/support/workbench.ts';
import { root, run } from '../install.mjs';

const view = (page) => sideBarView(page, 'Publishing');
const row = (page, text) => treeRow(view(page), text);

/** Where the sample is published to: a store that takes all, and two webhooks, one of which is gone. */
export async function startEndpoints() {
  const endpoint = await openEndpointServer(({ path }, response) => {
    if (path.endsWith('/incidents')) response.writeHead(410).end();
  });
  const { origin } = new URL(endpoint.url);
  const settings = (folder) => ({
    'promptvault.sync.targets': [{ name: 'shop', url: `${origin}/api/{path}` }],
    'promptvault.webhooks': ['team', 'incidents'].map((name) => ({
      ...{ name, url: `${origin}/hooks/${name}`, format: 'slack', vaults: [folder] },
    })),
  });
  return { settings, close: endpoint.close };
}

/** Tokens of the sample's vault, where the VS Code of `state` looks for them. */
export async function makeTokens(folder, state) {
  const env = { XDG_STATE_HOME: join(state, 'programs') };
  const create = (name, scope, expires) =>
    promptvault(['token', 'create', name, '--scope', scope, '--expires', expires], { cwd: folder, env });
  await create('checkout-service', 'read-prd', '90d');
  await create('nightly-evals', 'read', '30d');
}

function promptvault(args, options) {
  const actor = 'Priya Nair <priya@northwind.example>';
  return run('node', [join(root, 'dist/cli.js'), '--actor', actor, ...args], { ...options, capture: true });
}

async function fold(page, title) {
  const header = sideBarView(page, title).locator('.pane-header');
  if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
}

/** What the view says before there is anything in it. */
export async function showNothingPublished(page) {
  await runCommand(page, 'PromptVault: Show Publishing');
  await view(page).getByText('Nothing is published from here yet').waitFor();
}

/** Sends all once, promotes one more, and shows what that would send and what became of each message about it. */
export async function showPublishing(page, folder) {
  await runCommand(page, 'PromptVault: Show Publishing');
  for (const title of ['Versions', 'Runs']) await fold(page, title);
  await pressOn(page, 'shop', 'Sync Now');
  await row(page, /shop.*sent just now/).waitFor();
  for (const rationale of ['Ready to try', 'Keeps the order of events']) {
    await promptvault(['promote', 'support/summarize-ticket@1.1', '--rationale', rationale], { cwd: folder });
  }
  await row(page, /incidents.*1 failed/).waitFor();
  await row(page, /team.*sent just now/).waitFor();
  for (const name of ['incidents', /promoted to PRD/, 'team', 'Access tokens'])
    await row(page, name).locator('.monaco-tl-twistie').click();
  await pressOn(page, 'shop', 'Dry Run');
  await editorTab(page, /What would leave for shop/).waitFor();
  await runCommand(page, 'Notifications: Clear All Notifications');
}

async function pressOn(page, name, button) {
  await row(page, name).hover();
  await row(page, name).getByRole('button', { name: button }).click();
}
