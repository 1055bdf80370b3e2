import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { cliEnvironment, cliModule } from './cliProcess.ts';

export type McpProcess = {
  client: Client;
  /** What the process printed on stderr so far. */
  stderr(): string;
  close(): Promise<void>;
};
type Options = { args?: string[]; cwd: string; env?: NodeJS.ProcessEnv; client?: ClientOptions };

/** `promptvault mcp` in a process of its own, and the official client connected to it. */
export async function startMcp({ args = [], cwd, env, client: options }: Options): Promise<McpProcess> {
  const client = new Client({ name: 'test-client', version: '1.0.0' }, options);
  const transport = new StdioClientTransport({
    ...{ command: process.execPath, args: [cliModule, 'mcp', ...args], cwd, stderr: 'pipe' },
    env: cliEnvironment(env) as { [name: string]: string },
  });
  let printed = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    printed += chunk;
  });
  await client.connect(transport);
  return { client, stderr: () => printed, close: () => client.close() };
}

export type ToolAnswer = { isError: boolean; text: string } & { [name: string]: unknown } & {
  data: Record<string, unknown>;
  provenance: { path: string; version: string; stage: string; hash: string; createdBy: string }[];
  error: { code: string; message: string };
  notes: string[];
};

/** What a tool answers, structured content and text in one. */
export async function callTool(
  { client }: Pick<McpProcess, 'client'>,
  name: string,
  args: { [name: string]: unknown } = {},
): Promise<ToolAnswer> {
  const result = await client.callTool({ name, arguments: args });
  const [first] = result.content as { text: string }[];
  return {
    ...(result.structuredContent as object),
    isError: result.isError === true,
    text: first?.text ?? '',
  } as ToolAnswer;
}
