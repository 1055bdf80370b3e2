import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openVault } from '../../src/vault/vault.ts';
import { runCli } from '../support/cliProcess.ts';
import { callTool, type McpProcess, startMcp } from '../support/mcpClient.ts';
import { createReleased, testActor, userMessage } from '../support/vaultBuilders.ts';

/** A folder with a vault of 53 released prompts, a draft of one of them and two that are only drafts. */
function makeLibrary(): string {
  const cwd = mkdtempSync(join(tmpdir(), 'promptvault-mcp-'));
  const vault = openVault(join(cwd, '.promptvault', 'vault.db'), { actor: testActor, mode: 'create' });
  createReleased(vault, {
    path: 'support/triage',
    title: 'Triage',
    description: 'Sorts mail.',
    messages: [
      { role: 'system', content: 'You are {{tone}}.' },
      userMessage('Sort: {{mail}}'),
      { role: 'assistant', content: 'Which mail?' },
    ],
    variables: [
      { name: 'mail', description: 'The mail to sort' },
      { name: 'tone', default: 'calm' },
    ],
  });
  vault.createVersion({ ref: 'support/triage', rationale: 'shorter' });
  vault.edit({ ref: 'support/triage@1.1', messages: [userMessage('Sort quickly: {{mail}}')] });
  for (let i = 0; i < 52; i += 1) createReleased(vault, { path: `many/p${String(i).padStart(2, '0')}` });
  vault.create({ path: 'drafts/only', messages: [userMessage('Not released.')] });
  vault.create({ path: 'drafts/long', messages: [userMessage('long '.repeat(40_000))] });
  vault.close();
  return cwd;
}

describe('promptvault mcp', () => {
  let cwd: string;
  let mcp: McpProcess;
  before(async () => {
    cwd = makeLibrary();
    mcp = await startMcp({ cwd });
  });
  after(async () => {
    await mcp.close();
    rmSync(cwd, { recursive: true, force: true });
  });

  it('lists what is in production as prompts, a page at a time, with the variables as arguments', async () => {
    const first = await mcp.client.request({ method: 'prompts/list', params: {} });
    assert.equal(first.prompts.length, 50);
    const second = await mcp.client.request({ method: 'prompts/list', params: { cursor: first.nextCursor } });
    assert.equal(second.nextCursor, undefined);
    const all = [...first.prompts, ...second.prompts];
    assert.equal(new Set(all.map(({ name }) => name)).size, 53);
    const triage = all.find(({ name }) => name === 'support/triage');
    assert.equal(triage?.title, 'Triage');
    assert.deepEqual(triage?.arguments, [
      { name: 'mail', required: true, description: 'The mail to sort' },
      { name: 'tone', required: false, description: 'Default: calm' },
    ]);
  });

  it('gives a prompt with its values filled in, the system’s words as marked words of the user', async () => {
    const { messages } = await mcp.client.getPrompt({ name: 'support/triage', arguments: { mail: '{{tone}} late' } });
    assert.deepEqual(
      messages.map(({ role, content }) => [role, content]),
      [
        ['user', { type: 'text', text: 'You are calm.', _meta: { 'promptvault/role': 'system' } }],
        ['user', { type: 'text', text: 'Sort: {{tone}} late' }],
        ['assistant', { type: 'text', text: 'Which mail?' }],
      ],
    );
  });

  it('refuses a prompt without its values, one that is not released, and a cursor of somebody else', async () => {
    const codeOf = (promise: Promise<unknown>) =>
      promise.then(
        () => 'none',
        ({ data }: { data: { code: string } }) => data.code,
      );
    assert.equal(await codeOf(mcp.client.getPrompt({ name: 'support/triage', arguments: {} })), 'VARIABLES');
    assert.equal(await codeOf(mcp.client.getPrompt({ name: 'drafts/only' })), 'NOT_FOUND');
    assert.equal(
      await codeOf(mcp.client.request({ method: 'prompts/list', params: { cursor: 'bm8' } })),
      'INVALID_INPUT',
    );
  });

  it('finds prompts, page after page', async () => {
    const found = await callTool(mcp, 'search_prompts', { search: 'triage' });
    const [first] = found.data.prompts as { path: string; stages: object }[];
    assert.deepEqual([first?.path, first?.stages], ['support/triage', { DEV: 1, TST: 0, PRD: '1.0', RET: 0 }]);
    const seen: string[] = [];
    let cursor: unknown;
    do {
      const page = await callTool(mcp, 'search_prompts', { stage: 'PRD', limit: 30, ...(cursor ? { cursor } : {}) });
      seen.push(...(page.data.prompts as { path: string }[]).map(({ path }) => path));
      cursor = page.data.next;
    } while (cursor);
    assert.deepEqual([seen.length, new Set(seen).size], [53, 53]);
  });

  it('gives a version as it is stored, with where it comes from', async () => {
    const { data, provenance } = await callTool(mcp, 'get_prompt', { path: 'support/triage' });
    assert.deepEqual((data.messages as { content: string }[])[0]?.content, 'You are {{tone}}.');
    const [from] = provenance;
    assert.deepEqual(
      [from?.path, from?.version, from?.stage, from?.createdBy],
      ['support/triage', '1.0', 'PRD', testActor],
    );
    assert.match(from?.hash ?? '', /^sha256:[0-9a-f]{64}$/);
    const draft = await callTool(mcp, 'get_prompt', { path: 'support/triage', version: 'latest' });
    assert.deepEqual(draft.provenance[0]?.stage, 'DEV');
  });

  it('renders, compares and tells the history', async () => {
    const rendered = await callTool(mcp, 'render_prompt', { path: 'support/triage', values: { mail: 'Hi' } });
    assert.deepEqual((rendered.data.messages as { content: string }[])[1]?.content, 'Sort: Hi');
    const compared = await callTool(mcp, 'compare_versions', { path: 'support/triage', from: 'PRD', to: '1.1' });
    assert.match(String(compared.data.unified), /^\+.*Sort quickly/m);
    assert.deepEqual(
      compared.provenance.map(({ version }) => version),
      ['1.0', '1.1'],
    );
    const story = await callTool(mcp, 'read_history', { path: 'support/triage' });
    const versions = story.data.versions as { version: string; rationale: string }[];
    assert.deepEqual(
      versions.map(({ version, rationale }) => [version, rationale]),
      [
        ['1.1', 'shorter'],
        ['1.0', ''],
      ],
    );
    const kinds = (story.data.events as { kind: string }[]).map(({ kind }) => kind);
    assert.ok(kinds.includes('version.promoted'));
  });

  it('answers what cannot be done with the code of it', async () => {
    const codes = [
      (await callTool(mcp, 'get_prompt', { path: 'no/such' })).error.code,
      (await callTool(mcp, 'get_prompt', { path: 'support/triage', extra: 1 })).error.code,
      (await callTool(mcp, 'get_prompt', {})).error.code,
      (await callTool(mcp, 'render_prompt', { path: 'support/triage' })).error.code,
      (await callTool(mcp, 'run_suite', { suite: 'no-such' })).error.code,
    ];
    assert.deepEqual(codes, ['NOT_FOUND', 'INVALID_INPUT', 'INVALID_INPUT', 'VARIABLES', 'NOT_FOUND']);
    await assert.rejects(callTool(mcp, 'promote_version', { path: 'support/triage' }));
  });

  it('cuts what would fill a model’s window, and says so', async () => {
    const { data, notes, text } = await callTool(mcp, 'get_prompt', { path: 'drafts/long', version: 'latest' });
    const { length } = (data.messages as { content: string }[])[0]?.content ?? '';
    assert.ok(length > 59_000 && length < 60_000, String(length));
    assert.match(notes[0] ?? '', /of 200000 characters/);
    assert.ok(text.length < 80_000);
  });

  it('writes no drafts unless a person allowed it', async () => {
    const names = (await mcp.client.listTools()).tools.map(({ name }) => name);
    assert.deepEqual(names, [
      ...[
        'search_prompts',
        'get_prompt',
        'render_prompt',
        'compare_versions',
        'read_history',
        'list_suites',
        'run_suite',
      ],
    ]);
    await assert.rejects(callTool(mcp, 'create_draft', { path: 'a/b', messages: [userMessage('x')] }));
  });

  for (const mode of ['legacy', 'auto'] as const) {
    it(`tells of a promotion by another process (${mode} protocol)`, async () => {
      const told = Promise.withResolvers<void>();
      const listChanged = { prompts: { autoRefresh: false, onChanged: () => told.resolve() } };
      const other = await startMcp({ cwd, client: { versionNegotiation: { mode }, listChanged } });
      try {
        await callTool(other, 'search_prompts', {});
        const vault = openVault(join(cwd, '.promptvault', 'vault.db'), { actor: testActor });
        const { version } = vault.createVersion({ ref: 'many/p00' });
        vault.promote({ ref: `many/p00@${version}` });
        vault.close();
        assert.equal((await runCli(['promote', `many/p00@${version}`], { cwd })).exit, 0);
        await Promise.race([told.promise, sleep(15_000).then(() => assert.fail('nothing was told'))]);
        const { provenance } = await callTool(other, 'get_prompt', { path: 'many/p00' });
        assert.equal(provenance[0]?.version, version);
      } finally {
        await other.close();
      }
    });
  }
});
