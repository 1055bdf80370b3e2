import { isOurWebhook } from '../../engine/verifyWebhook.ts';
import type { Delivery } from '../../publish/types.ts';
import { VaultError } from '../../shared/errors.ts';
import { exits } from '../exitCodes.ts';
import { readBody } from '../readInput.ts';
import { table } from '../table.ts';
import type { Answer, Call, Verb } from '../verb.ts';
import { shortTime } from '../versionText.ts';
import { targetsText } from './syncVerbs.ts';

type WebhookOptions = { limit?: number; before?: number; signature?: string; file?: string };
type WebhookCall = Call<WebhookOptions>;
const secretVariable = 'PROMPTVAULT_WEBHOOK_SECRET';

const webhook: Verb<WebhookOptions> = {
  usage: 'webhook <action> [name]',
  group: 'Using:',
  summary: 'who is told of promotions and rollbacks: list, test, deliveries, redeliver, enable, disable, verify',
  detail: `Webhooks are set up in publish.json: see "promptvault sync --help".

  list                webhooks and how they stand
  test <name>         send a test
  deliveries <name>   what was sent or waits, newest first; also of targets
  redeliver <id>      send one again, under the same key
  enable <name>       switch one on again; disable <name> switches one off
  verify              for receivers: whether a body (--file or stdin) is what we
                      signed, by ${secretVariable} and
                      --signature

Each comes as POST with x-promptvault-signature: t=<unix seconds>,s=<hex>, the
HMAC-SHA256 with the secret over "t.body", and an idempotency-key that is the
same at each attempt. Five deliveries that fail one after the other, tests
aside, switch it off.`,
  options: [
    { flags: '--limit <n>', kind: 'count', about: 'with deliveries: at most so many (default: 100)' },
    { flags: '--before <id>', kind: 'count', about: 'with deliveries: those before this one' },
    { flags: '--signature <text>', kind: 'text', about: 'with verify: the value of x-promptvault-signature' },
    { flags: '--file <file>', kind: 'text', about: 'with verify: the body, byte for byte' },
  ],
  examples: [
    'promptvault webhook list',
    'promptvault webhook test chat',
    'promptvault webhook deliveries chat --limit 10',
    'promptvault webhook redeliver 42',
    'promptvault webhook verify --signature "t=1767607200,s=…" --file body.json',
  ],
  async run(call) {
    const [action = '', name] = call.args;
    const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!act) throw new VaultError('USAGE', `webhook ${Object.keys(actions).join(', ')}; not "${action}"`);
    if (name === undefined && !['list', 'verify'].includes(action)) {
      throw new VaultError(
        'USAGE',
        `Say which: promptvault webhook ${action} <${action === 'redeliver' ? 'id' : 'name'}>`,
      );
    }
    return act(call, name ?? '');
  },
};

const actions: { readonly [action: string]: (call: WebhookCall, name: string) => Promise<Answer> } = {
  async list({ engine }) {
    const targets = (await (await engine('read')).listTargets()).filter(({ kind }) => kind === 'webhook');
    return { json: { webhooks: targets }, text: targetsText(targets) };
  },
  async test({ engine, signal }, name) {
    return one(await (await engine()).testWebhook({ name }, signal));
  },
  async deliveries({ engine, options: { limit, before } }, name) {
    const deliveries = await (await engine('read')).deliveries({ target: name, limit, before });
    const rows = deliveries.map(({ id, createdAt, action, path, version, state, attempts, error }) => [
      ...[id, shortTime(createdAt), action, path, version && `v${version}`, state, attempts.length],
      error ?? attempts.at(-1)?.status,
    ]);
    const heading = ['id', 'queued', 'action', 'prompt', 'version', 'state', 'attempts', 'last answer'];
    return { json: { deliveries }, text: rows.length > 0 ? table(heading, rows) : `Nothing was queued for ${name}` };
  },
  async redeliver({ engine, signal }, id) {
    if (!/^\d{1,15}$/.test(id)) throw new VaultError('USAGE', `"${id}" is no number of a delivery`);
    return one(await (await engine()).redeliver({ id: Number(id) }, signal));
  },
  enable: async (call, name) => setState(call, name, 'on'),
  disable: async (call, name) => setState(call, name, 'off'),
  async verify({ io, options: { signature, file } }) {
    const secret = io.env[secretVariable];
    if (!secret)
      throw new VaultError('USAGE', `Set ${secretVariable} to the secret; it does not belong in a command line`);
    if (!signature) throw new VaultError('USAGE', 'Say which signature: --signature "t=…,s=…"');
    const valid = isOurWebhook({ secret, signature, rawBody: await readBody(io, file) });
    const text = valid
      ? 'It is ours, of now and unchanged'
      : 'It is not: another secret, another body, or older than five minutes';
    return { json: { valid }, text, exit: valid ? exits.done : exits.failed };
  },
};

async function setState({ engine }: WebhookCall, name: string, state: 'on' | 'off'): Promise<Answer> {
  const target = await (await engine()).setTarget({ name, state });
  return { json: target, text: targetsText([target]) };
}

function one(delivery: Delivery): Answer {
  const { id, state, attempts } = delivery;
  const last = attempts.at(-1);
  const how = last ? `: ${last.error ?? `HTTP ${last.status}`} after ${last.ms} ms` : '';
  const arrived = last !== undefined && last.error === null;
  return { json: delivery, text: `Delivery ${id} ${state}${how}`, exit: arrived ? exits.done : exits.failed };
}

export const webhookVerbs: readonly Verb[] = [webhook];
