import { VaultError } from '../../shared/errors.ts';
import { tellAgentFiles } from '../agentFileText.ts';
import { plainLine } from '../plainText.ts';
import type { Verb } from '../verb.ts';

const group = 'Organising:';

const tag: Verb<{ add?: string[]; remove?: string[] }> = {
  usage: 'tag <path>',
  group,
  summary: 'add and remove tags of a prompt',
  options: [
    { flags: '--add <tag>', kind: 'list', about: 'a tag to add; repeat it for more' },
    { flags: '--remove <tag>', kind: 'list', about: 'a tag to remove; repeat it for more' },
  ],
  examples: ['promptvault tag support/triage --add billing --add urgent --remove old'],
  async run({ args: [path = ''], options: { add, remove }, engine }) {
    if (!add && !remove) throw new VaultError('USAGE', 'Nothing to do: give --add or --remove');
    const prompt = await (await engine()).tag({ path, add, remove });
    const tags = prompt.tags.length > 0 ? prompt.tags.map(plainLine).join(', ') : 'none';
    return { json: prompt, text: `Tags of ${plainLine(prompt.path)}: ${tags}` };
  },
};

const label: Verb<{ add?: string[]; remove?: string[] }> = {
  usage: 'label <ref>',
  group,
  summary: 'add and remove labels of a version, such as "Production Candidate"',
  detail: 'Labels say nothing of the content: a version in any stage may have them, production too.',
  options: [
    { flags: '--add <label>', kind: 'list', about: 'a label to add; repeat it for more' },
    { flags: '--remove <label>', kind: 'list', about: 'a label to remove; repeat it for more' },
  ],
  examples: ['promptvault label support/triage@2.3 --add "Production Candidate"'],
  async run({ args: [ref = ''], options: { add, remove }, engine }) {
    if (!add && !remove) throw new VaultError('USAGE', 'Nothing to do: give --add or --remove');
    const version = await (await engine()).label({ ref, add, remove });
    const labels = version.labels.length > 0 ? version.labels.map(plainLine).join(', ') : 'none';
    return { json: version, text: `Labels of ${plainLine(version.path)} v${version.version}: ${labels}` };
  },
};

const move: Verb = {
  usage: 'move <path> <to>',
  group,
  summary: 'rename a prompt or move it to another folder',
  detail: 'Its versions, history and test results move with it.',
  examples: ['promptvault move support/triage support/inbox/triage'],
  async run({ args: [path = '', to = ''], engine, say }) {
    const vault = await engine();
    const prompt = await vault.move({ path, to });
    await tellAgentFiles(vault, prompt.path, say);
    return { json: prompt, text: `Moved ${plainLine(path)} to ${plainLine(prompt.path)}` };
  },
};

export const organiseVerbs: readonly Verb[] = [tag, label, move];
