import type { Engine } from '../engine/engine.ts';
import type { AgentFile, AgentFileChange } from '../exchange/agentFiles/types.ts';
import { plainLine } from './plainText.ts';
import { table } from './table.ts';

/** What stands in the way of a file, which a person should know. */
export const isRefused = ({ state }: Pick<AgentFile, 'state'>) =>
  state === 'edited' || state === 'foreign' || state === 'taken' || state === 'blocked' || state === 'unsafe';

export function agentFilesText(
  files: readonly (AgentFile | AgentFileChange)[],
  { would }: { would?: boolean } = {},
): string {
  const rows = files.map((one) => {
    const done = 'done' in one && one.done !== 'kept' ? `${would ? 'would be ' : ''}${one.done}` : one.state;
    return [
      one.file,
      one.path,
      one.version && `v${one.version}`,
      done,
      'done' in one && one.done !== 'kept' ? null : one.problem,
    ];
  });
  return table(['file', 'prompt', 'prd', 'state', 'problem'], rows);
}

/** After a release or a move: which files were written for agents, and which were left alone. */
export async function tellAgentFiles(
  engine: Pick<Engine, 'agentFiles'>,
  path: string,
  say: (line: string) => void,
): Promise<void> {
  for (const one of await engine.agentFiles({ path })) {
    const { file, state, problem } = one;
    if (state === 'current') say(`in step for agents: ${plainLine(file)}`);
    if (isRefused(one)) {
      const force =
        state === 'edited' || state === 'foreign' ? `; to overwrite it: promptvault agents write ${path} --force` : '';
      say(`not written for agents: ${plainLine(file)}, ${plainLine(problem ?? state)}${force}`);
    }
  }
}
