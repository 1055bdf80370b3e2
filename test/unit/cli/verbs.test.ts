import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { runCli } from '../../../src/cli/runCli.ts';
import { verbs } from '../../../src/cli/verbs/verbs.ts';

const promised =
  'init new import list show history diff blame edit version promote rollback delete tag label move render get checks test dataset gate run runs suite models sync verify backup restore doctor salvage text mcp agents bundle serve token types audit webhook';
const nameOf = ({ usage }: { usage: string }) => usage.split(' ')[0] ?? '';

describe('the verbs', () => {
  it('are the promised ones', () => {
    assert.deepEqual(verbs.map(nameOf).sort(), promised.split(' ').sort());
  });

  for (const verb of verbs) {
    it(`${nameOf(verb)} explains itself with examples whose options exist`, async () => {
      const stdout = new PassThrough().setEncoding('utf8');
      const stderr = new PassThrough();
      const io = { stdin: new PassThrough(), stdout, stderr, env: {}, cwd: '/' };
      const exit = await runCli([nameOf(verb), '--help'], io, new AbortController().signal);
      const help = String(stdout.read());
      assert.equal(exit, 0);
      assert.equal(stderr.read(), null);
      assert.ok(verb.examples.length > 0);
      for (const example of verb.examples) {
        assert.ok(help.includes(example));
        for (const [option] of example.matchAll(/--[a-z-]+/g)) {
          assert.ok(help.split('Examples:')[0]?.includes(option), `${option} in ${example}`);
        }
      }
    });
  }
});
