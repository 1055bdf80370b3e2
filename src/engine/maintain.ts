import { callRemote } from '../shared/rpc.ts';
import { startEngineLine } from './engineLine.ts';
import type { Maintenance } from './maintenance.ts';

const nobody = {
  connection: async () => ({}),
  prices: async () => ({}),
};

/** Does one thing with a vault's file in a process of its own (`dist/engine.js`), which ends with it. */
export async function maintain<Name extends keyof Maintenance>(
  modulePath: string,
  name: Name,
  params: Parameters<Maintenance[Name]>[0],
): Promise<ReturnType<Maintenance[Name]>> {
  const ignore = () => undefined;
  const line = startEngineLine({ modulePath, host: nobody, log: ignore, onEvent: ignore, onExit: ignore });
  try {
    return (await callRemote(line.connection, 'maintain', { name, params })) as ReturnType<Maintenance[Name]>;
  } finally {
    await line.stop();
  }
}
