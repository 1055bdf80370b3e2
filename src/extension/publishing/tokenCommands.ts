import * as vscode from 'vscode';
import type { TokenScope } from '../../publish/tokenFile.ts';
import { VaultError } from '../../shared/errors.ts';
import { chooseVault } from '../chooseVault.ts';
import type { Deps } from '../deps.ts';
import { registerCommands } from '../registerCommands.ts';
import type { TokenTarget } from '../targets.ts';
import { askChoice, askText, confirmed } from './askTarget.ts';
import type { PublishingState } from './publishingState.ts';
import { tokenFacts, tokenState } from './publishingText.ts';
import { serveVault } from './serveVault.ts';
import { showOnce } from './showOnce.ts';

type Needs = Pick<Deps, 'context' | 'vaults' | 'log'> & { state: PublishingState };
const dayMs = 86_400_000;
const title = 'Create an access token';
const step = (count: number) => `${title} (${count}/3)`;

/** Who may fetch from the served API, and how it is started. */
export function registerTokenCommands(deps: Needs): { dispose(): void } {
  return registerCommands(
    {
      'promptvault.token.create': async () => createToken(deps),
      'promptvault.token.revoke': async (given) => revokeToken(deps, given),
      'promptvault.server.copyCommand': async () => {
        const vault = await chooseVault(deps, 'Command that serves the prompts');
        const file = vault && deps.vaults.find(vault)?.file;
        if (!file) return;
        await vscode.env.clipboard.writeText(`promptvault serve --vault ${quoted(file)}`);
        const message =
          'Copied a command of the command line that serves this vault over HTTP. Applications and the web page need a token.';
        const [create, here] = ['Create Token…', 'Serve Here'] as const;
        const chosen = await vscode.window.showInformationMessage(message, create, here);
        if (chosen === create) await createToken(deps);
        if (chosen === here) await serve(deps);
      },
      'promptvault.server.start': async () => serve(deps),
    },
    deps.log,
  );
}

/** Without a token nobody gets anything from what is served, so the first one is offered at once. */
async function serve(deps: Needs): Promise<void> {
  const vault = await serveVault(deps);
  if (!vault) return;
  const tokens = await (await deps.vaults.engine(vault)).listTokens();
  if (tokens.some((one) => tokenState(one, new Date()) === 'valid')) return;
  const message =
    'The terminal says at which address the vault is served. Applications and the web page there need a token.';
  const create = 'Create Token…';
  if ((await vscode.window.showInformationMessage(message, create)) === create) await createToken(deps);
}

/** As one word for the shells of the platform. */
const quoted = (text: string) => (process.platform === 'win32' ? `"${text}"` : `'${text.replaceAll("'", `'\\''`)}'`);

async function createToken({ vaults, state }: Needs): Promise<void> {
  const vault = await chooseVault({ vaults }, title);
  if (!vault) return;
  const name = await askText({
    title: step(1),
    prompt: 'Who uses it: an application, a person or a place. The log names writes after it.',
    placeHolder: 'checkout-service',
  });
  if (!name) return;
  const scope = await askChoice<TokenScope>(step(2), [
    { label: 'Production only', detail: 'Fetches and renders what is in production or was', value: 'read-prd' },
    { label: 'Read everything', detail: 'Drafts, history and differences as well', value: 'read' },
    { label: 'Write drafts', detail: 'Makes and edits drafts as well. No token promotes.', value: 'write' },
  ]);
  if (!scope) return;
  const days = await askChoice(step(3), [
    { label: '90 days', value: 90 },
    { label: '30 days', value: 30 },
    { label: 'A year', value: 365 },
    { label: 'No end', detail: 'Until it is revoked', value: 0 },
  ]);
  if (days === undefined) return;
  const expiresAt = days === 0 ? null : new Date(Date.now() + days * dayMs).toISOString();
  const { token } = await (await vaults.engine(vault)).createToken({ name, scope, expiresAt });
  void state.refresh();
  const detail = 'Applications send it as "Authorization: Bearer"; people paste it into the web page of the server.';
  await showOnce({ what: `Access token for ${name}`, secret: token, detail });
}

async function revokeToken({ vaults, state }: Needs, given: TokenTarget | undefined): Promise<void> {
  const vault = given?.vault ?? (await chooseVault({ vaults }, 'Revoke a token'));
  if (!vault) return;
  const engine = await vaults.engine(vault);
  const tokens = (await engine.listTokens()).filter((one) => one.revokedAt === null);
  if (tokens.length === 0) throw new VaultError('NOT_FOUND', 'There is no token to revoke');
  const items = tokens.map((one) => ({ label: one.name, description: tokenFacts(one, new Date()), one }));
  const token = given
    ? tokens.find(({ id }) => id === given.id)
    : (await vscode.window.showQuickPick(items, { title: 'Revoke a token' }))?.one;
  if (!token) return;
  const expired = tokenState(token, new Date()) === 'expired';
  const detail = `${expired ? 'It has expired already.' : 'Whoever uses it gets nothing from now on.'} This cannot be undone.`;
  if (!(await confirmed(`Revoke the token ${token.name}?`, detail, 'Revoke'))) return;
  await engine.revokeToken({ id: token.id });
  void state.refresh();
  vscode.window.setStatusBarMessage(`$(key) ${token.name} is revoked`, 5000);
}
