import type { ToolName } from '../../engine/agentTools/toolKinds.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Message, VersionInfo } from '../../vault/types.ts';

export type ToolQuestion = { title: string; message: string };
type Input = { [name: string]: unknown };

/**
 * What a person is asked before a tool spends or writes, by prompt, version and stage. Undefined where nothing is asked: a
 * tool that only reads, or a run without its code, which only answers what it would cost.
 */
export async function questionOf(
  name: ToolName,
  input: Input,
  engine: () => Promise<Engine>,
): Promise<ToolQuestion | undefined> {
  if (name === 'create_draft') return { title: 'Create a draft?', message: await createText(input, engine) };
  if (name === 'edit_draft') return { title: 'Change a draft?', message: await editText(input, engine) };
  if (name === 'run_suite' && input.confirmation !== undefined) {
    return { title: 'Run a test suite?', message: await runText(input, engine) };
  }
  return undefined;
}

async function createText({ path, copyOf, messages }: Input, engine: () => Promise<Engine>): Promise<string> {
  const size = `Its text has ${sizeOf(messages)} characters.`;
  if (copyOf === undefined) return `An agent makes the prompt ${path}, v1.0 in DEV. ${size}`;
  const from = await find(engine, `${path}@${copyOf}`);
  const origin = from ? `v${from.version} (${from.stage})` : String(copyOf);
  return `An agent makes a new version of ${path} in DEV from ${origin}. ${size}`;
}

async function editText({ path, version, messages }: Input, engine: () => Promise<Engine>): Promise<string> {
  const draft = await find(engine, `${path}@${String(version).replace(/^v/, '')}`);
  const what = draft ? `${path} v${draft.version} (${draft.stage}, revision ${draft.revision})` : `${path} v${version}`;
  const size =
    messages === undefined ? '' : ` Its text had ${sizeOf(draft?.messages)} characters and gets ${sizeOf(messages)}.`;
  return `An agent changes ${what}.${size} The text before is kept as a revision.`;
}

async function runText({ suite, refs }: Input, engine: () => Promise<Engine>): Promise<string> {
  const name = String(suite);
  try {
    const vault = await engine();
    const given = Array.isArray(refs) ? refs.map(String) : [];
    const { definition } = await vault.showSuite({ name });
    const wanted = given.length > 0 ? given : (definition.refs ?? []);
    const versions = await Promise.all(wanted.map((ref) => vault.show({ ref })));
    const { calls, costUsd } = await vault.estimateRun({ refs: given, models: [], suite: name });
    const cost = costUsd === null ? 'a cost that is not known' : `about $${costUsd.toFixed(4)}`;
    return `The suite ${name} on ${versions.map(nameOf).join(', ')}: ${calls} calls of models, ${cost}.`;
  } catch {
    // What is wrong with it the tool says itself.
    return `The suite ${name}.`;
  }
}

const nameOf = ({ path, version, stage }: VersionInfo) => `${path} v${version} (${stage})`;
const find = async (engine: () => Promise<Engine>, ref: string) =>
  engine()
    .then((vault) => vault.show({ ref }))
    .catch(() => undefined);

function sizeOf(messages: unknown): number {
  if (!Array.isArray(messages)) return 0;
  return messages.reduce((sum: number, one: Partial<Message> | null) => sum + String(one?.content ?? '').length, 0);
}
