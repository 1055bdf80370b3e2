import {
  type GetPromptResult,
  type ListPromptsResult,
  type Prompt,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
} from '@modelcontextprotocol/server';
import { mostCharacters } from '../engine/agentTools/capText.ts';
import { fromCursor, toCursor } from '../engine/agentTools/pageCursor.ts';
import type { Engine, VaultChange } from '../engine/engine.ts';
import { type ErrorCode, toVaultError, VaultError } from '../shared/errors.ts';
import type { EventKind, Message, PromptSummary, Served, VaultEvent } from '../vault/types.ts';

const pageSize = 50;
const systemNote = 'Its system messages come as messages of the user, in their place: MCP prompts know no others.';

/** What is in production, as MCP prompts whose arguments are the variables. */
export function servePrompts(server: Server, engine: () => Promise<Engine>): void {
  server.setRequestHandler('prompts/list', async ({ params }) =>
    withOurCode(async () => listPrompts(await engine(), params?.cursor)),
  );
  server.setRequestHandler('prompts/get', async ({ params }) =>
    withOurCode(async () => getPrompt(await engine(), params.name, params.arguments)),
  );
}

const listed: readonly EventKind[] = ['version.rolledBack', 'prompt.moved', 'prompt.edited'];

/** Whether the list of prompts may be another one now. No events: the file was replaced. */
export const changesPrompts = ({ events }: VaultChange) =>
  events.length === 0 || events.some((event) => listed.includes(event.kind) || goesToProduction(event));

const goesToProduction = ({ kind, details }: VaultEvent) =>
  kind === 'version.promoted' && (details as { to?: string } | null)?.to === 'PRD';

async function listPrompts(engine: Engine, cursor: string | undefined): Promise<ListPromptsResult> {
  const page = await engine.list({ stage: 'PRD', limit: pageSize, ...fromCursor(cursor) });
  const prompts = await Promise.all(
    page.prompts.map(async (summary) => describe(summary, await served(engine, summary))),
  );
  const nextCursor = toCursor(page.next);
  return {
    prompts: prompts.filter((prompt) => prompt !== undefined),
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
}

/** Undefined when it left production since the page was read. */
async function served(engine: Engine, { path }: PromptSummary): Promise<Served | undefined> {
  return engine.get({ ref: path }).catch((error: unknown) => {
    if (toVaultError(error).code === 'NOT_FOUND') return undefined;
    throw error;
  });
}

function describe({ path, title, description }: PromptSummary, found: Served | undefined): Prompt | undefined {
  if (!found) return undefined;
  const note = found.messages.some(({ role }) => role === 'system') ? ` ${systemNote}` : '';
  const about = description === '' ? '' : `${description.slice(0, 500)} `;
  return {
    name: path,
    title,
    description: `${about}v${found.version} is in production.${note}`,
    arguments: found.variables.map(({ name, default: fallback, description: what }) => ({
      ...{ name, required: fallback === undefined },
      ...(what || fallback !== undefined ? { description: argumentText(what, fallback) } : {}),
    })),
  };
}

const argumentText = (what = '', fallback?: string) =>
  [what.slice(0, 300), fallback === undefined ? '' : `Default: ${fallback.slice(0, 100)}`].filter(Boolean).join(' ');

async function getPrompt(
  engine: Engine,
  path: string,
  values: { [name: string]: string } = {},
): Promise<GetPromptResult> {
  const found = await engine.get({ ref: path, values });
  const length = found.messages.reduce((sum, { content }) => sum + content.length, 0);
  if (length > mostCharacters) {
    const message = `${path} has ${length} characters; a prompt is given whole or not at all, up to ${mostCharacters}`;
    throw new VaultError('INVALID_INPUT', message, { field: 'name' });
  }
  const note = found.messages.some(({ role }) => role === 'system') ? ` ${systemNote}` : '';
  return {
    description: `${found.path} v${found.version}, ${found.hash}.${note}`,
    messages: found.messages.map(toPromptMessage),
    _meta: { 'promptvault/version': found.version, 'promptvault/hash': found.hash },
  };
}

function toPromptMessage({ role, content }: Message): GetPromptResult['messages'][number] {
  const _meta = role === 'system' ? { 'promptvault/role': 'system' } : undefined;
  return {
    role: role === 'assistant' ? 'assistant' : 'user',
    content: { type: 'text', text: content, ...(_meta ? { _meta } : {}) },
  };
}

/** What the one who asks can mend by asking otherwise. */
const theirs: readonly ErrorCode[] = ['INVALID_PATH', 'INVALID_INPUT', 'VARIABLES', 'NOT_FOUND'];

/** A failure as the protocol tells one, with our code and details in its data. */
async function withOurCode<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const { code, message, details } = toVaultError(thrown);
    const kind = theirs.includes(code) ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
    throw new ProtocolError(kind, `${code}: ${message}`, { code, details });
  }
}
