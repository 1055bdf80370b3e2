import { join } from 'node:path';
import { finished, jsonOf, startCli } from './cliProcess.ts';

export type ServingCli = {
  url: string;
  token(scope: 'read-prd' | 'read'): Promise<{ id: string; token: string }>;
  revoke(id: string): Promise<void>;
  stop(): Promise<void>;
};

/** `promptvault serve` in a process of its own, on a free port; its tokens lie beside the vault. */
export async function serveByCli(file: string, port = 0): Promise<ServingCli> {
  const env = { PROMPTVAULT_TOKENS: join(file, '../tokens.json') };
  const about = (...args: string[]) => [...args, '--vault', file];
  const child = startCli(about('serve', '--port', String(port), '--json'), { env });
  child.stderr?.resume();
  const ended = finished(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (line: string) => resolve((JSON.parse(line) as { url: string }).url));
    ended.then(({ stdout, stderr }) => reject(new Error(`serve ended: ${stdout}${stderr}`)), reject);
  });
  return {
    url,
    token: (scope) => jsonOf(about('token', 'create', `for ${scope}`, '--scope', scope), { env }),
    async revoke(id) {
      await jsonOf(about('token', 'revoke', id), { env });
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
