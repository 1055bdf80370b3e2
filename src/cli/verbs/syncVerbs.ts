import type { Engine } from '../../engine/engine.ts';
import type { PullReport, SyncItem, SyncReport, TargetStatus } from '../../publish/types.ts';
import { toVaultError, VaultError } from '../../shared/errors.ts';
import { exits } from '../exitCodes.ts';
import { plainLine } from '../plainText.ts';
import { counted, table } from '../table.ts';
import type { Answer, Call, Verb } from '../verb.ts';
import { shortTime } from '../versionText.ts';

const group = 'Using:';

/** What a user file looks like; secrets are variables of the environment. */
export const publishExample = `publish.json is yours, outside of every repository: PROMPTVAULT_PUBLISH, else
~/.config/promptvault/publish.json.
{"targets": [
  {"name": "prod", "url": "https://prompts.example.com/api/{path}",
   "token": "env:PROD_TOKEN", "automatic": true, "vaults": ["~/work/app"]},
  {"name": "cache", "preset": "etcd", "url": "http://127.0.0.1:2379",
   "prefix": "prompts/"},
  {"name": "files", "preset": "s3", "url": "https://s3.example.com/bucket",
   "s3": {"region": "eu-central-1", "accessKeyId": "env:AWS_ID",
          "secretAccessKey": "env:AWS_SECRET"}},
  {"name": "other", "url": "https://store.example.com", "separator": ":",
   "put": {"method": "POST", "url": "/set/{key}",
           "body": {"version": "{version}", "data": "{value:base64}"}}}],
 "webhooks": [
  {"name": "chat", "format": "slack", "url": "env:SLACK_URL",
   "vaults": ["~/work/app"]},
  {"name": "ci", "url": "https://ci.example.com/hook",
   "secret": "env:HOOK_SECRET", "vaults": ["~/work/app"],
   "actions": ["promoted.TST", "promoted.PRD", "rolledBack", "retired"]}]}
Presets: etcd, consul, couchdb, s3, cloudflare-kv. What sends by itself does so
from the "vaults" named alone.`;

type SyncOptions = { url?: string; dryRun?: boolean; force?: boolean; all?: boolean; watch?: boolean };
type SyncCall = Call<SyncOptions>;

const sync: Verb<SyncOptions> = {
  usage: 'sync [words...]',
  group,
  summary: 'bring stores to what production is: named targets, or an address',
  detail: `"sync prod" sends what the target "prod" does not have yet and takes back what production has no more. "sync status" shows all targets; "sync pull prod" reads back what one really serves and compares hashes (1 when it differs); "sync forget old" drops what the vault remembers of a name that is not used any more. --watch delivers what is promoted to automatic targets and webhooks until Ctrl+C. With --url the token is taken from PROMPTVAULT_SYNC_TOKEN; without {path} in the address the path is appended.

${publishExample}`,
  options: [
    { flags: '--url <url>', kind: 'text', about: 'an address that has no name' },
    { flags: '--all', kind: 'flag', about: 'all targets that are set up' },
    { flags: '--dry-run', kind: 'flag', about: 'only say what would be sent, and how' },
    { flags: '--force', kind: 'flag', about: 'send what did not change as well' },
    { flags: '--watch', kind: 'flag', about: 'deliver whatever is promoted, until Ctrl+C' },
  ],
  examples: [
    'promptvault sync prod --dry-run',
    'promptvault sync --all',
    'promptvault sync pull prod',
    'promptvault sync --url https://prompts.example.com/v1/prompts',
    'promptvault sync --url http://localhost:8080/{path} --dry-run',
  ],
  async run(call) {
    const { args, options } = call;
    const [first, ...more] = args;
    if (options.watch) return watch(call);
    if (options.url) return syncUrl(call);
    if (first === 'status' && more.length === 0) return status(call);
    if (first === 'pull') return pull(call, more);
    if (first === 'forget') return forget(call, more);
    return syncTargets(call);
  },
};

async function syncUrl({ options, io, signal, engine, say }: SyncCall): Promise<Answer> {
  const { url = '', dryRun, force } = options;
  const vault = await engine();
  sayProgress(vault, say);
  const report = await vault.sync({ url, token: io.env.PROMPTVAULT_SYNC_TOKEN, dryRun, force }, signal);
  return { json: report, text: reportText(report), exit: exitOf(report) };
}

async function syncTargets({ args, options, signal, engine, say }: SyncCall): Promise<Answer> {
  const { all, dryRun, force } = options;
  if (args.length === 0 && !all) {
    throw new VaultError('USAGE', 'Say where to: a name of your publish.json, --all, or --url https://…');
  }
  const vault = await engine();
  sayProgress(vault, say);
  const known = (await vault.listTargets()).filter(
    ({ kind, address, problem }) => kind === 'sync' && (address ?? problem),
  );
  const names = all ? known.map(({ name }) => name) : args;
  const targets: (({ name: string } & SyncReport) | { name: string; error: { code: string; message: string } })[] = [];
  for (const name of names) {
    try {
      targets.push({ name, ...(await vault.syncTarget({ name, dryRun, force }, signal)) });
    } catch (error) {
      const { code, message } = toVaultError(error);
      // The others are not to suffer for one that cannot be used.
      if (names.length === 1 || code === 'CANCELLED') throw error;
      targets.push({ name, error: { code, message } });
    }
  }
  const lines = targets.map((one) => {
    return `${plainLine(one.name)}\n${'error' in one ? plainLine(one.error.message) : reportText(one)}`;
  });
  const failed = targets.some((one) => 'error' in one || exitOf(one) !== exits.done);
  const text = lines.join('\n\n') || 'No target is set up';
  return { json: { targets }, text, exit: failed ? exits.failed : exits.done };
}

async function status({ engine }: SyncCall): Promise<Answer> {
  const targets = await (await engine('read')).listTargets();
  return { json: { targets }, text: targetsText(targets) };
}

async function pull({ signal, engine }: SyncCall, names: string[]): Promise<Answer> {
  const [name, ...more] = names;
  if (name === undefined || more.length > 0) throw new VaultError('USAGE', 'Say of which target: sync pull <name>');
  const report = await (await engine('read')).pullTarget({ name }, signal);
  const { missing, different, extra, failed } = report;
  const differs = missing.length + different.length + extra.length + failed.length > 0;
  return { json: report, text: pullText(report), exit: differs ? exits.failed : exits.done };
}

async function forget({ engine }: SyncCall, names: string[]): Promise<Answer> {
  const [name, ...more] = names;
  if (name === undefined || more.length > 0) throw new VaultError('USAGE', 'Say which target: sync forget <name>');
  await (await engine()).forgetTarget({ name });
  return { json: { name }, text: `Forgot ${plainLine(name)}` };
}

async function watch({ signal, engine, say }: SyncCall): Promise<Answer> {
  const vault = await engine('write', { delivers: true });
  const shown = new Map<string, string>();
  const tell = async () => {
    for (const { name, pending, failed, state, lastError } of await vault.listTargets()) {
      const line = `${name}: ${state === 'on' ? '' : 'off, '}${pending} waiting, ${failed} failed${lastError ? `; ${lastError}` : ''}`;
      if (shown.get(name) !== line) say(line);
      shown.set(name, line);
    }
  };
  const listening = vault.onDidPublish(() => void tell().catch(() => undefined));
  await tell();
  say('Delivering what is promoted. Ctrl+C ends it');
  await toldToEnd(signal);
  listening.dispose();
  return { json: { targets: await vault.listTargets() }, text: '' };
}

/** A timer keeps the process there; nothing else would. */
function toldToEnd(signal: AbortSignal): Promise<void> {
  return new Promise((end) => {
    const timer = setInterval(() => undefined, 60_000);
    const stop = () => {
      clearInterval(timer);
      end();
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    process.once('SIGTERM', stop);
  });
}

function sayProgress(vault: Engine, say: (line: string) => void): void {
  let told = performance.now();
  vault.onDidSync(({ done, total }) => {
    if (performance.now() - told < 1000) return;
    told = performance.now();
    say(`${done} of ${total} prompts …`);
  });
}

const exitOf = ({ failed }: SyncReport) => (failed > 0 ? exits.failed : exits.done);

/** A dry run did nothing of it. */
const would: { readonly [Status in SyncItem['status']]?: string } = { sent: 'to send', removed: 'to take back' };

function reportText({ items, dryRun, sent, removed, unchanged, failed, url }: SyncReport): string {
  const changed = items.filter(({ status: how }) => how !== 'unchanged');
  const rows = changed.map(({ path, version, status: how, attempts, error, request }) => {
    const what = request ? `${request.method} ${request.url}, ${request.bytes} bytes` : error;
    return [path, version && `v${version}`, (dryRun && would[how]) || how, attempts, what];
  });
  const heading = ['prompt', 'version', 'status', 'attempts', dryRun ? 'request' : 'problem'];
  const headers = Object.entries(items.find(({ request }) => request)?.request?.headers ?? {});
  const shown = headers.map(([name, value]) => `  ${plainLine(`${name}: ${value}`)}`);
  const withHeaders = shown.length > 0 ? `With such headers, … for what may be secret:\n${shown.join('\n')}\n\n` : '';
  const listed = rows.length > 0 ? `${table(heading, rows)}\n\n${withHeaders}` : '';
  const sentText = dryRun ? `${counted(sent, 'prompt')} would be sent` : `${sent} sent`;
  const removedText = removed > 0 ? `, ${removed} ${dryRun ? 'would be taken back' : 'taken back'}` : '';
  return `${listed}${sentText}${removedText}, ${unchanged} unchanged, ${failed} failed: ${plainLine(url)}`;
}

export function targetsText(targets: readonly TargetStatus[]): string {
  if (targets.length === 0) return 'Nothing is set up. See "promptvault sync --help" for publish.json';
  const rows = targets.map(({ name, kind, address, automatic, state, pending, failed, ...more }) => [
    ...[name, kind, state, automatic ? 'yes' : 'no', pending, failed],
    ...[more.lastDeliveredAt && shortTime(more.lastDeliveredAt), address],
    more.stateReason ?? more.problem ?? more.lastError,
  ]);
  const heading = ['name', 'kind', 'state', 'automatic', 'waiting', 'failed', 'last delivered', 'address', 'note'];
  return table(heading, rows);
}

function pullText({ name, url, same, missing, different, extra, failed }: PullReport): string {
  const rows = [
    ...missing.map((path) => [path, 'missing', null]),
    ...different.map(({ path, version, found, why }) => [
      path,
      'different',
      `${why}: v${found ?? '?'} for v${version}`,
    ]),
    ...extra.map((path) => [path, 'extra', 'production does not have it']),
    ...failed.map(({ path, error }) => [path, 'unreadable', error]),
  ];
  const listed = rows.length > 0 ? `${table(['prompt', 'found', 'what'], rows)}\n\n` : '';
  const counts = `${same} as in production, ${missing.length} missing, ${different.length} different, ${extra.length} extra`;
  return `${listed}${plainLine(name)}: ${counts}${failed.length > 0 ? `, ${failed.length} unreadable` : ''}: ${plainLine(url)}`;
}

export const syncVerbs: readonly Verb[] = [sync];
