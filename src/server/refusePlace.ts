import { VaultError } from '../shared/errors.ts';

const patienceMs = 500;

/** Throws why a server cannot listen at a place: BUSY for a port that is taken, by whom as far as it can be told; USAGE for one it cannot have. */
export async function refusePlace(
  error: NodeJS.ErrnoException & { address?: string },
  host: string,
  port: number,
): Promise<never> {
  const where = `port ${port} of ${error.address ?? host}`;
  const other = 'choose another with --port; --port 0 takes any that is free';
  if (error.code === 'EADDRINUSE' && port !== 0) {
    const who = (await isOurs(host, port))
      ? `a PromptVault server, perhaps of this very vault. Use that one, or ${other}`
      : `another program: end that, or ${other}`;
    throw new VaultError('BUSY', `P${where.slice(1)} is taken by ${who}`, { host, port }, error);
  }
  if (error.code === 'EACCES')
    throw new VaultError('USAGE', `This user may not listen at ${where}: ${other}`, { host, port }, error);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    throw new VaultError('USAGE', `${host} is no address of this machine`, { host, port }, error);
  throw error;
}

/** Whether whoever listens there answers as this server does. */
async function isOurs(host: string, port: number): Promise<boolean> {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  try {
    const answer = await fetch(`http://${name}:${port}/v1/health`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    });
    return answer.headers.has('x-request-id') && (await answer.text()) === '{"status":"ok"}';
  } catch {
    return false;
  }
}
