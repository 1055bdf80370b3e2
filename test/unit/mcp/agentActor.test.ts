import assert from 'node:assert/strict';
import { agentActor } from '../../../src/mcp/agentActor.ts';

describe('the actor of what an agent does', () => {
  const person = 'Ada <ada@example.org>';
  it('names the client and the person', () => {
    assert.equal(agentActor('Claude Code', person), `agent:Claude Code for ${person}`);
  });

  it('holds one " for ", whatever the client calls itself', () => {
    const names = [
      'Bot for Eve',
      'x for',
      'for',
      'a FOR b for  c',
      `${'long '.repeat(12)} for Eve`,
      'Bot\tfor\nEve',
      '',
      '<>',
    ];
    for (const name of names) {
      const [client, ...rest] = agentActor(name, person).split(/ for /i);
      assert.deepEqual(rest, [person], name);
      assert.match(client!, /^agent:[\w .-]+$/, name);
    }
    assert.equal(agentActor('Bot for Eve', person), `agent:Bot-for Eve for ${person}`);
  });
});
