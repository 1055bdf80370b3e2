import {
  acceptedContent,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  type Implementation,
  type InputRequiredResult,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
  type Tool,
} from '@modelcontextprotocol/server';
import type { AgentTool } from '../engine/agentTools/agentTool.ts';
import { inputSchemaOf, toolsFor } from '../engine/agentTools/agentTools.ts';
import { callAgentTool, type ToolResult } from '../engine/agentTools/callAgentTool.ts';
import type { Confirmations } from '../engine/agentTools/confirmations.ts';
import type { Engine } from '../engine/engine.ts';
import { agentActor } from './agentActor.ts';

export type ToolDeps = {
  engine(): Promise<Engine>;
  allowDrafts: boolean;
  confirmations: Confirmations;
  /** The person whose machine it is. */
  person(): Promise<string>;
};

/** The tools, the same list at every call whatever the vault holds. */
export function serveTools(server: Server, deps: ToolDeps): void {
  const tools = toolsFor(deps);
  const list = tools.map(describe);
  server.setRequestHandler('tools/list', () => ({ tools: list }));
  server.setRequestHandler('tools/call', async ({ params }, ctx) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${params.name}`);
    return call(tool, { given: params.arguments ?? {}, server, ctx, deps });
  });
}

function describe(tool: AgentTool): Tool {
  const { name, title, description, kind } = tool;
  return {
    ...{ name, title, description },
    inputSchema: inputSchemaOf(tool),
    annotations: {
      ...{ title, readOnlyHint: kind === 'read', destructiveHint: false, idempotentHint: kind === 'read' },
      openWorldHint: kind === 'run',
    },
  };
}

type Call = { given: { [name: string]: unknown }; server: Server; ctx: ServerContext; deps: ToolDeps };

/** A client that can ask its person is made to; any other gets the code and the question as the answer. */
async function call(
  tool: AgentTool,
  { given, server, ctx, deps }: Call,
): Promise<CallToolResult | InputRequiredResult> {
  const client = clientOf(server, ctx);
  const code = ctx.mcpReq.requestState<string>();
  const asked = typeof code === 'string' && tool.kind === 'run';
  const agreed = asked && acceptedContent<{ run?: unknown }>(ctx.mcpReq.inputResponses, 'confirm')?.run === true;
  if (asked && !agreed) {
    // A no is the end of this code.
    deps.confirmations.take(code, undefined);
    const told = 'The person did not agree. Nothing was run.';
    return {
      content: [{ type: 'text', text: told }],
      structuredContent: { provenance: [], data: { ran: false }, notes: [told] },
    };
  }
  const result = await callAgentTool(tool, {
    input: agreed ? { ...given, confirmation: code } : given,
    context: {
      engine: deps.engine,
      confirmations: deps.confirmations,
      actor: agentActor(client.name, await deps.person()),
      signal: ctx.mcpReq.signal,
      onProgress: progressOf(ctx),
    },
  });
  return result.ask && client.canAsk ? askPerson(result.ask) : toCallResult(result);
}

const toCallResult = ({ isError, structured, text }: ToolResult): CallToolResult => ({
  content: [{ type: 'text', text }],
  structuredContent: structured,
  ...(isError ? { isError } : {}),
});

function askPerson({ code, question }: NonNullable<ToolResult['ask']>): InputRequiredResult {
  const confirm = inputRequired.elicit({
    message: question,
    requestedSchema: {
      type: 'object',
      properties: { run: { type: 'boolean', title: 'Run it', description: question, default: false } },
      required: ['run'],
    },
  });
  return inputRequired({ inputRequests: { confirm }, requestState: code });
}

/** What a client says of itself: with each request in the newer protocol, once at the beginning in the older. */
function clientOf(server: Server, ctx: ServerContext): { name: string; canAsk: boolean } {
  const envelope = (ctx.mcpReq.envelope ?? {}) as { [key: string]: unknown };
  const info = (envelope[CLIENT_INFO_META_KEY] as Implementation | undefined) ?? server.getClientVersion();
  const able =
    (envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined) ?? server.getClientCapabilities();
  const { elicitation } = able ?? {};
  // Without a mode said it means forms; a client may know addresses only.
  return {
    name: info?.name ?? '',
    canAsk: elicitation !== undefined && (!elicitation.url || Boolean(elicitation.form)),
  };
}

/** Tells how far a call is, to clients that asked for it. */
function progressOf({ mcpReq }: ServerContext): ((done: number, total: number) => void) | undefined {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let told = Number.NEGATIVE_INFINITY;
  return (progress, total) => {
    if (progress < total && performance.now() - told < 250) return;
    told = performance.now();
    mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress, total } })
      .catch(() => undefined);
  };
}
