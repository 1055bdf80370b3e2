import type { Release } from '../code/callSiteFit.ts';
import { toVaultError } from '../shared/errors.ts';
import type { CodeContract, ReadLimits } from './audit/codeContract.ts';
import { plainLine } from './plainText.ts';
import { findVault } from './session.ts';
import { counted } from './table.ts';
import type { Call, VerbOption } from './verb.ts';

/** `true`: the code is asked before anything is done. `false`: it is not looked at. Else it is told afterwards. */
export type ContractOptions = { contract?: boolean };
export const contractFlags: readonly VerbOption[] = [
  {
    flags: '--contract',
    kind: 'flag',
    about: 'do nothing, and end with exit code 100, when calls in the code around the vault would break',
  },
  {
    flags: '--no-contract',
    kind: 'flag',
    about: 'do not look at the code; else calls that break are told as warnings',
  },
];

type Around = Pick<Call<ContractOptions>, 'io' | 'options' | 'signal' | 'say'>;
/** What is to be released; asked for once somebody wants to know. */
type About = { path: string; release: () => Promise<Release> };

/** What a warning may cost; with --contract all of the code is read. */
const limits: ReadLimits = { files: 2000, ms: 3000 };
const noLimits: ReadLimits = { files: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY };
const listed = 8;

/** Before a release: the calls it would break, which forbid it and are told. Null when there are none, or nobody asked. */
export async function refusedByCode(call: Around, about: About): Promise<CodeContract | null> {
  if (call.options.contract !== true) return null;
  const found = await look(call, about, noLimits);
  tell(call, found);
  return found.breaks.length > 0 ? found : null;
}

/** After a release: the calls that it broke are told. Null with --no-contract, and where the code cannot be read. */
export async function brokenCalls(call: Around, about: About): Promise<CodeContract | null> {
  if (call.options.contract === false) return null;
  try {
    const found = await look(call, about, limits);
    tell(call, found);
    return found;
  } catch (error) {
    // What was released stays so.
    call.say(`the code was not looked at: ${plainLine(toVaultError(error).message)}`);
    return null;
  }
}

async function look({ io, options, signal }: Around, { path, release }: About, most: ReadLimits) {
  // Loaded late: no other verb needs to know how thirteen languages look.
  const { codeContract, codeFolder } = await import('./audit/codeContract.ts');
  const folder = codeFolder(findVault(io, options), io.cwd);
  return codeContract({ folder, cwd: io.cwd, path, release: await release() }, most, signal);
}

function tell({ say }: Around, { breaks, files, complete, versions }: CodeContract): void {
  for (const { file, line, column, message } of breaks.slice(0, listed)) {
    say(`warning: ${plainLine(`${file}:${line}:${column} ${message}`)}`);
  }
  const more = breaks.length - listed;
  if (more > 0)
    say(`warning: ${counted(more, 'more call')}; all of them: promptvault audit . --contract ${versions[0]}`);
  if (!complete) say(`only ${counted(files, 'file')} of code were looked at`);
}
