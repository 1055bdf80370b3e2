import assert from 'node:assert/strict';
import type { EngineClient } from '../../src/engine/engineClient.ts';
import { saveMessages } from '../../src/extension/draftSave.ts';
import type { Message } from '../../src/vault/types.ts';
import { failsWith, workplace } from '../support/engineProcesses.ts';

const user = (content: string): Message[] => [{ role: 'user', content }];

describe('saving the text of a draft', () => {
  const place = workplace();
  let engine: EngineClient;
  let other: EngineClient;
  let count = 0;

  before(async () => {
    engine = await place.fork();
    other = await place.fork({ mode: 'write' });
  });
  after(async () => place.clean());

  /** A prompt of its own for each test, at revision 1. */
  async function draft(content: string): Promise<string> {
    count += 1;
    const variables = [{ name: 'who', default: 'Ada', description: 'Whom to greet' }];
    const { path } = await engine.create({ path: `draft-${count}`, messages: user(content), variables });
    return `${path}@1.0`;
  }

  it('is refused over other messages that somebody stored meanwhile', async () => {
    const ref = await draft('Hello {{who}}');
    await other.edit({ ref, messages: user('HELLO {{who}}') });
    await assert.rejects(
      saveMessages(engine, { ref, messages: user('hello {{who}}'), base: 1 }),
      failsWith('CONFLICT'),
    );
    assert.deepEqual((await engine.show({ ref })).messages, user('HELLO {{who}}'));
  });

  it('is refused when nobody knows what it was typed over', async () => {
    const ref = await draft('Hello');
    await assert.rejects(saveMessages(engine, { ref, messages: user('Bye'), base: undefined }), failsWith('CONFLICT'));
  });

  it('goes on over any number of changes of the settings', async () => {
    const ref = await draft('Hello');
    for (const temperature of [0.1, 0.2]) await other.edit({ ref, settings: { temperature } });
    const saved = await saveMessages(engine, { ref, messages: user('Bye'), base: 1 });
    assert.deepEqual([saved.revision, saved.messages, saved.settings], [4, user('Bye'), { temperature: 0.2 }]);
  });

  it('is done when somebody stored the very same', async () => {
    const ref = await draft('Hello');
    await other.edit({ ref, messages: user('Bye') });
    assert.equal((await saveMessages(engine, { ref, messages: user('Bye'), base: 1 })).revision, 2);
  });

  it('takes the declaration of a renamed variable along, and of no other', async () => {
    const ref = await draft('Hello {{who}}');
    const renames = [['who', 'person']] as const;
    const half = await saveMessages(engine, { ref, messages: user('{{who}} {{person}}'), base: 1, renames });
    assert.deepEqual(half.variables.map(({ name }) => name).sort(), ['person', 'who']);
    const fresh = await draft('Hello {{who}}');
    const whole = await saveMessages(engine, { ref: fresh, messages: user('Hello {{person}}'), base: 1, renames });
    assert.deepEqual(whole.variables, [{ name: 'person', default: 'Ada', description: 'Whom to greet' }]);
  });
});
