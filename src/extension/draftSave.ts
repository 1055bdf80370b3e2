import type { Engine } from '../engine/engine.ts';
import { codeOf, toVaultError } from '../shared/errors.ts';
import type { Message, Variable, VersionRecord } from '../vault/types.ts';
import { namesIn } from './draftFindings.ts';
import { printMessages } from './draftText.ts';

/** A variable's old name and its new one. */
export type Rename = readonly [from: string, to: string];
export type TextSave = { ref: string; messages: Message[]; base: number | undefined; renames?: readonly Rename[] };
type Saver = Pick<Engine, 'edit' | 'showRevision'>;

const same = (a: readonly Message[], b: readonly Message[]) => printMessages(a) === printMessages(b);

/** What is stored, when a save failed because somebody else saved before. */
export function storedInstead(error: unknown): VersionRecord | undefined {
  return codeOf(error) === 'CONFLICT' ? (toVaultError(error).details.actual as VersionRecord | undefined) : undefined;
}

/**
 * Saves the messages over the revision they were typed on, and nothing else: settings stay, and who changed only those is
 * in nobody's way. Throws CONFLICT when other messages are stored by now, or when it is not known what was typed over.
 */
export async function saveMessages(
  engine: Saver,
  { ref, messages, base, renames = [] }: TextSave,
): Promise<VersionRecord> {
  // No revision is 0, so this is refused and tells what is stored.
  let expectRevision = base ?? 0;
  for (;;) {
    try {
      const declared =
        renames.length > 0 && base ? (await engine.showRevision({ ref, revision: expectRevision })).variables : [];
      const variables = renameDeclared(declared, messages, renames);
      return await engine.edit({ ref, expectRevision, messages, ...(variables && { variables }) });
    } catch (error) {
      const actual = storedInstead(error);
      if (!actual) throw error;
      if (same(actual.messages, messages)) return actual;
      if (!base) throw error;
      const { messages: read } = await engine.showRevision({ ref, revision: base });
      if (!same(read, actual.messages)) throw error;
      expectRevision = actual.revision;
    }
  }
}

/** A variable that got another name everywhere in the text keeps its default and description. */
function renameDeclared(
  declared: readonly Variable[],
  messages: readonly Message[],
  renames: readonly Rename[],
): Variable[] | undefined {
  const used = namesIn(printMessages(messages));
  let variables = [...declared];
  let changed = false;
  for (const [from, to] of renames) {
    const fits = !used.has(from) && used.has(to) && !variables.some(({ name }) => name === to);
    if (!fits || !variables.some(({ name }) => name === from)) continue;
    variables = variables.map((one) => (one.name === from ? { ...one, name: to } : one));
    changed = true;
  }
  return changed ? variables : undefined;
}
