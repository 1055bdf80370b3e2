import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BlameResult } from '../../../src/vault/types.ts';
import { openVault, type Vault } from '../../../src/vault/vault.ts';
import { promoteToPrd, type TestVault, temporaryVault, testActor, userMessage } from '../../support/vaultBuilders.ts';

const path = 'support/triage';

describe('blame', () => {
  let made: TestVault;
  let vault: Vault;
  let omar: Vault;
  beforeEach(() => {
    made = temporaryVault();
    vault = made.vault;
    omar = openVault(made.file, { actor: 'Omar <omar@example.com>' });
  });
  afterEach(() => {
    omar.close();
    made.remove();
  });
  const create = (content: string, rationale = 'first') =>
    vault.create({ path, messages: [userMessage(content)], rationale });
  const edit = (by: Vault, version: string, [content, rationale]: [string, string?]) =>
    by.edit({ ref: `${path}@${version}`, messages: [userMessage(content)], rationale });
  const copy = (from: string) => vault.createVersion({ ref: `${path}@${from}` }).version;
  const said = ({ messages, origins }: BlameResult) =>
    messages.flatMap(({ sentences }) =>
      sentences.map(({ text, origin }) => {
        const { version, revision, author, rationale } = origins[origin]!;
        return [text.trim(), `${version}#${revision}`, author.replace(/ .*/, ''), rationale].join(' | ');
      }),
    );
  const blame = (version: string) => vault.blame({ ref: `${path}@${version}` });

  it('names version, revision, author and rationale of each sentence', () => {
    create('Sort this mail. Be kind.');
    edit(omar, '1.0', ['Sort this mail. Be very kind.', 'kinder']);
    promoteToPrd(vault, `${path}@1.0`);
    copy('1.0');
    edit(vault, '1.1', ['Sort this mail. Answer in German. Be very kind.', 'Berlin asked']);
    const found = blame('1.1');
    assert.deepEqual(said(found), [
      'Sort this mail. | 1.0#1 | Priya | first',
      'Answer in German. | 1.1#2 | Priya | Berlin asked',
      'Be very kind. | 1.0#2 | Omar | kinder',
    ]);
    assert.deepEqual([found.path, found.version, found.stage, found.chain], [path, '1.1', 'DEV', ['1.0', '1.1']]);
    assert.deepEqual(
      found.origins.map(({ version, stage }) => [version, stage]),
      [
        ['1.0', 'PRD'],
        ['1.0', 'PRD'],
        ['1.1', 'DEV'],
      ],
    );
  });

  it('goes along what was copied, not along the numbers: a rollback has the sentences of what it brought back', () => {
    create('Good. Old.');
    promoteToPrd(vault, `${path}@1.0`);
    copy('1.0');
    edit(omar, '1.1', ['Bad. Old.']);
    promoteToPrd(vault, `${path}@1.1`);
    const { version } = vault.rollback({ path, to: '1.0', reason: 'incident' });
    assert.deepEqual(said(blame(version)), ['Good. | 1.0#1 | Priya | first', 'Old. | 1.0#1 | Priya | first']);
    assert.deepEqual(blame(version).chain, ['1.0', version]);
  });

  it('leaves a sentence that a draft lost and found again to the version that had it first', () => {
    create('One. Two. Three.');
    copy('1.0');
    edit(omar, '1.1', ['One. Three.']);
    edit(omar, '1.1', ['One. Two. Three. Four.']);
    assert.deepEqual(
      said(blame('1.1')).map((line) => line.slice(0, line.indexOf('#'))),
      ['One. | 1.0', 'Two. | 1.0', 'Three. | 1.0', 'Four. | 1.1'],
    );
  });

  it('takes the source as it was when the copy was made', () => {
    create('One.');
    copy('1.0');
    edit(omar, '1.0', ['One. Later here.']);
    edit(vault, '1.1', ['One. Later here.', 'own idea']);
    assert.equal(said(blame('1.1'))[1], 'Later here. | 1.1#2 | Priya | own idea');
  });

  it('steps over a deleted version to what it was copied from', () => {
    create('One.');
    copy('1.0');
    edit(omar, '1.1', ['One. Two.']);
    copy('1.1');
    vault.deleteVersion({ ref: `${path}@1.1` });
    assert.deepEqual(said(blame('1.2')), ['One. | 1.0#1 | Priya | first', 'Two. | 1.2#1 | Priya | ']);
  });

  it('takes the rationale given on promotion where the save had none', () => {
    create('One.', '');
    vault.promote({ ref: `${path}@1.0` });
    vault.promote({ ref: `${path}@1.0`, rationale: 'approved' });
    assert.equal(said(blame('1.0'))[0], 'One. | 1.0#1 | Priya | approved');
  });

  it('ignores saves that changed white space or settings only', () => {
    create('One. Two.');
    edit(omar, '1.0', ['One.\n\nTwo.\n']);
    omar.edit({ ref: `${path}@1.0`, settings: { temperature: 0.4 } });
    assert.deepEqual(
      blame('1.0').origins.map(({ revision }) => revision),
      [1],
    );
    assert.deepEqual(
      blame('1.0').messages[0]?.sentences.map(({ text }) => text),
      ['One.\n\n', 'Two.\n'],
    );
  });

  const words = fc.array(fc.constantFrom('A. ', 'B? ', 'C\n', '{{x}}. ', '\r\n', ' ', 'Do. '), { maxLength: 12 });
  const contents = fc.array(
    fc.array(
      words.map((parts) => parts.join('')),
      { minLength: 1, maxLength: 3 },
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  );
  let n = 0;
  it('gives every message back whole, and each sentence an origin that says it', () => {
    fc.assert(
      fc.property(contents, (states) => {
        const one = `property/p${n++}`;
        const messagesOf = (texts: string[]) => texts.map(userMessage);
        vault.create({ path: one, messages: messagesOf(states[0]!) });
        for (const texts of states.slice(1)) {
          const ref = `${one}@${vault.createVersion({ ref: one }).version}`;
          vault.edit({ ref, messages: messagesOf(texts.slice(0, 1)) });
          vault.edit({ ref, messages: messagesOf(texts) });
        }
        const { messages, origins, chain } = vault.blame({ ref: one });
        assert.deepEqual(
          messages.map(({ sentences }) => sentences.map(({ text }) => text).join('')),
          states.at(-1),
        );
        assert.equal(chain.length, states.length);
        const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
        for (const { text, origin } of messages.flatMap(({ sentences }) => sentences)) {
          // From the version that brought it on, no version is without it.
          const { version, revision } = origins[origin]!;
          const brought = vault.showRevision({ ref: `${one}@${version}`, revision }).messages;
          assert.ok(plain(brought.map(({ content }) => content).join(' ')).includes(plain(text)));
          const from = chain.indexOf(version);
          for (const texts of states.slice(from)) assert.ok(plain(texts.join(' ')).includes(plain(text)));
        }
      }),
      { numRuns: 15 },
    );
  });

  it('answers for 231 KB in 20 versions in under 300 ms of work', function () {
    this.timeout(30_000);
    const base = Array.from(
      { length: 3200 },
      (_, i) => `Rule ${i}: ${'keep to what the customer wrote '.repeat(2)}now.`,
    );
    vault.create({ path: 'big/prompt', messages: [userMessage(base.join('\n'))] });
    for (let v = 1; v < 20; v += 1) {
      const { version } = vault.createVersion({ ref: 'big/prompt' });
      const lines = vault.show({ ref: 'big/prompt' }).messages[0]!.content.split('\n');
      for (let k = 0; k < 30; k += 1) lines[(v * 131 + k * 97) % lines.length] = `Changed in ${v}, ${k}. Twice.`;
      vault.edit({ ref: `big/prompt@${version}`, messages: [userMessage(lines.join('\n'))] });
    }
    const times = Array.from({ length: 3 }, () => {
      // Of this process: what else the machine does is no matter.
      const before = process.cpuUsage();
      assert.equal(vault.blame({ ref: 'big/prompt' }).chain.length, 20);
      return process.cpuUsage(before).user / 1000;
    });
    const best = Math.min(...times);
    assert.ok(best < 300, `${times.map(Math.round)} ms`);
  });
});

describe('blame by', () => {
  it('one who may only read', () => {
    const made = temporaryVault();
    made.vault.create({ path, messages: [userMessage('One.')] });
    const reader = openVault(made.file, { actor: testActor, mode: 'read' });
    assert.equal(reader.blame({ ref: path }).messages[0]?.sentences.length, 1);
    reader.close();
    made.remove();
  });
});
