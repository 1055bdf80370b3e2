import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivery, PullReport, SyncReport, TargetStatus } from '../../src/publish/types.ts';
import { verifyWebhook } from '../../src/publish/webhookSignature.ts';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { finished, jsonOf, runCli, startCli, temporaryFolder } from '../support/cliProcess.ts';
import { type EndpointServer, openEndpointServer } from '../support/endpointServer.ts';
import { until } from '../support/until.ts';
import { promoteToPrd, testActor, userMessage } from '../support/vaultBuilders.ts';

const secret = 'canary-secret-of-a-hook';

describe('sync and webhooks on the command line', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  let server: EndpointServer;
  let env: NodeJS.ProcessEnv;
  let vault: Vault;
  const call = <T>(args: string[], stdin = '') => jsonOf<T>(args, { cwd: folder.path(), env, stdin });
  const run = (args: string[], more: { env?: NodeJS.ProcessEnv; stdin?: string } = {}) =>
    runCli(args, { cwd: folder.path(), ...more, env: { ...env, ...more.env } });
  const requests = () => server.received.map(({ method, path }) => `${method} ${path}`);

  before(async () => {
    server = await openEndpointServer();
    const publish = join(folder.path(), 'publish.json');
    const vaults = [folder.path()];
    const { origin } = new URL(server.url);
    writeFileSync(
      publish,
      JSON.stringify({
        targets: [
          { name: 'prod', url: server.url, token: 'env:PROD_TOKEN', automatic: true, vaults },
          { name: 'plain', url: 'https://store.example.com', token: 'canary-literal' },
          { name: 'unset', url: 'https://store.example.com', token: 'env:NOT_SET' },
        ],
        webhooks: [{ name: 'hook', url: `${origin}/hook`, secret: 'env:HOOK_SECRET', vaults }],
      }),
    );
    env = {
      PROMPTVAULT_PUBLISH: publish,
      XDG_STATE_HOME: join(folder.path(), 'state'),
      PROD_TOKEN: 'canary-token',
      HOOK_SECRET: secret,
    };
    vault = openVault(join(folder.path(), '.promptvault', 'vault.db'), { actor: testActor, mode: 'create' });
    vault.create({ path: 'support/triage', messages: [userMessage('Hello {{name}}')] });
    vault.promote({ ref: 'support/triage' });
  });
  after(async () => {
    vault.close();
    await server.close();
  });

  it('leaves what is promoted in the outbox, and delivers it at once with --sync', async () => {
    const { stdout, stderr } = await run(['promote', 'support/triage', '--json']);
    assert.match(stderr, /sync --watch.* hook, prod\n$/);
    const promoted = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual([promoted.stage, promoted.delivered], ['PRD', undefined]);
    assert.deepEqual(requests(), []);
    const { targets } = await call<{ targets: TargetStatus[] }>(['sync', 'status']);
    assert.deepEqual(
      targets.map(({ name, kind, automatic, pending, problem }) => [name, kind, automatic, pending, problem === null]),
      [
        ['hook', 'webhook', true, 1, true],
        ['plain', 'sync', false, 0, false],
        ['prod', 'sync', true, 1, true],
        ['unset', 'sync', false, 0, false],
      ],
    );
    vault.createVersion({ ref: 'support/triage' });
    vault.edit({ ref: 'support/triage@1.1', messages: [userMessage('Dear {{name}}')] });
    vault.promote({ ref: 'support/triage@1.1' });
    const { delivered } = await call<{ delivered: object }>(['promote', 'support/triage@1.1', '--sync']);
    assert.deepEqual(delivered, { delivered: 4, failed: 0, pending: 0 });
    assert.deepEqual(requests().sort(), ['POST /hook', 'POST /hook', 'PUT /prompts/support/triage']);
    assert.equal(server.received.find(({ method }) => method === 'PUT')?.headers['x-promptvault-version'], '1.1');
  });

  it('announces a rollback with its reason, and what was signed verifies', async () => {
    const before = server.received.length;
    await call(['rollback', 'support/triage', '--to', '1.0', '--reason', 'worse answers', '--sync']);
    const hook = server.received.slice(before).find(({ method }) => method === 'POST')!;
    const { action, reason, prompt } = JSON.parse(hook.body);
    assert.deepEqual([action, reason, prompt.version], ['rolledBack', 'worse answers', '1.2']);
    const signature = String(hook.headers['x-promptvault-signature']);
    assert.ok(verifyWebhook({ secret, signature, rawBody: hook.body }));
    const verify = (stdin: string) =>
      run(['webhook', 'verify', '--signature', signature], { stdin, env: { PROMPTVAULT_WEBHOOK_SECRET: secret } });
    assert.equal((await verify(hook.body)).exit, 0);
    assert.equal((await verify(`${hook.body} `)).exit, 1);
    assert.equal((await run(['webhook', 'verify', '--signature', signature], { stdin: hook.body })).exit, 2);
  });

  it('syncs a target by name once, shows what would leave, and reads back what is there', async () => {
    const again = await call<{ targets: (SyncReport & { name: string })[] }>(['sync', 'prod']);
    assert.deepEqual([again.targets[0]?.sent, again.targets[0]?.unchanged, again.targets[0]?.dryRun], [0, 1, false]);
    const before = server.received.length;
    const dry = await call<{ targets: SyncReport[] }>(['sync', 'prod', '--dry-run', '--force']);
    const { request } = dry.targets[0]!.items[0]!;
    assert.deepEqual([request?.method, request?.url], ['PUT', `${server.url}/support/triage`]);
    assert.equal(request?.headers.authorization, '…');
    assert.equal(dry.targets[0]!.dryRun, true);
    assert.equal(server.received.length, before);
    const served = JSON.stringify(vault.get({ ref: 'support/triage' }));
    server.answer = ({ method }, response) => void (method === 'GET' && response.writeHead(200).end(served));
    const whole = await call<PullReport>(['sync', 'pull', 'prod']);
    assert.deepEqual([whole.same, whole.missing, whole.different, whole.extra], [1, [], [], []]);
    server.answer = ({ method }, response) =>
      void (method === 'GET' && response.writeHead(200).end(served.replace('Hello', 'Howdy')));
    const tampered = await run(['sync', 'pull', 'prod', '--json']);
    assert.equal(tampered.exit, 1);
    assert.match((JSON.parse(tampered.stdout) as PullReport).different[0]!.why, /not what its hash/);
    server.answer = ({ method }, response) => void (method === 'GET' && response.writeHead(404).end());
    assert.deepEqual(JSON.parse((await run(['sync', 'pull', 'prod', '--json'])).stdout).missing, ['support/triage']);
    server.answer = () => undefined;
  });

  it('takes a secret from the environment alone, and says what is wrong without it', async () => {
    for (const name of ['plain', 'unset']) {
      const { exit, stdout } = await run(['sync', name, '--json']);
      assert.deepEqual([exit, JSON.parse(stdout).error.code], [2, 'INVALID_INPUT']);
      assert.ok(!stdout.includes('canary'));
      assert.equal(stdout.split('cannot be used').length, 2, 'it is said once');
    }
    const nowhere = await run(['sync', 'nowhere', '--json']);
    assert.equal(nowhere.exit, 4);
    const { message } = JSON.parse(nowhere.stdout).error;
    assert.deepEqual([message.includes('prod'), message.includes('hook')], [true, false]);
  });

  it('lists webhooks, tests one, tells its deliveries, sends one again, and switches it off and on', async () => {
    const { webhooks } = await call<{ webhooks: TargetStatus[] }>(['webhook', 'list']);
    assert.deepEqual(
      webhooks.map(({ name, state }) => [name, state]),
      [['hook', 'on']],
    );
    assert.equal((await call<Delivery>(['webhook', 'test', 'hook'])).state, 'delivered');
    const { deliveries } = await call<{ deliveries: Delivery[] }>(['webhook', 'deliveries', 'hook', '--limit', '2']);
    assert.deepEqual(
      deliveries.map(({ action }) => action),
      ['test', 'rolledBack'],
    );
    const again = await call<Delivery>(['webhook', 'redeliver', String(deliveries[1]?.id)]);
    assert.deepEqual([again.key, again.attempts.length], [deliveries[1]?.key, 2]);
    server.answer = (_, response) => response.writeHead(500).end();
    assert.equal((await run(['webhook', 'test', 'hook'])).exit, 1);
    server.answer = () => undefined;
    assert.equal((await call<TargetStatus>(['webhook', 'disable', 'hook'])).state, 'off');
    assert.equal((await call<TargetStatus>(['webhook', 'enable', 'hook'])).state, 'on');
    assert.equal((await run(['webhook', 'explode'])).exit, 2);
  });

  it('delivers what others promote while it watches, and ends by Ctrl+C', async () => {
    const watching = startCli(['sync', '--watch'], { cwd: folder.path(), env });
    const ended = finished(watching);
    const started = new Promise((resolve) => watching.stderr?.on('data', (text) => /Ctrl/.test(text) && resolve(text)));
    await started;
    vault.createVersion({ ref: 'support/triage' });
    promoteToPrd(vault, 'support/triage@1.3');
    const arrived = () =>
      server.received.some(({ method, headers }) => method === 'PUT' && headers['x-promptvault-version'] === '1.3');
    await until(arrived);
    watching.kill('SIGINT');
    const { exit, stderr } = await ended;
    assert.deepEqual([arrived(), exit], [true, 0]);
    assert.match(stderr, /Ctrl\+C ends it/);
  });

  it('leaves no secret in the vault or in what it noted of what was sent', async () => {
    const { vaultId } = vault.info();
    const notes = join(folder.path(), 'state', 'promptvault', 'sent', `${vaultId}.jsonl`);
    for (const file of [join(folder.path(), '.promptvault', 'vault.db'), notes]) {
      assert.ok(!readFileSync(file, 'utf8').includes('canary'), file);
      assert.ok(!readFileSync(file, 'utf8').includes(new URL(server.url).host), file);
    }
  });
});
