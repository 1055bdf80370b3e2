import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cacheDir, installTool } from './npmTool.ts';

/** A store that runs; `url` is where it answers. */
export type RealStore = { url: string; close(): Promise<void> };
/** Why there is none here. */
export type NoStore = { missing: string };

const run = promisify(execFile);
const folder = join(cacheDir, 'stores');

/** etcd 3.4 as Debian packs it, or one on the PATH. */
export async function openEtcd(): Promise<RealStore | NoStore> {
  const program = await findProgram('etcd', 'etcd-server');
  if (typeof program !== 'string') return program;
  const data = mkdtempSync(join(tmpdir(), 'promptvault-etcd-'));
  const [client, peer] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const child = spawn(
    program,
    [
      ...['--data-dir', data, '--listen-client-urls', client, '--advertise-client-urls', client],
      ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`],
      ...['--unsafe-no-fsync'],
    ],
    { stdio: 'ignore' },
  );
  return whenUp(`${client}/health`, client, async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    if (child.exitCode === null) await gone;
    rmSync(data, { recursive: true, force: true });
  });
}

/** Consul when it is on the PATH: Debian has it no more. */
export async function openConsul(): Promise<RealStore | NoStore> {
  const program = await findProgram('consul');
  if (typeof program !== 'string') return program;
  const port = await freePort();
  const child = spawn(program, ['agent', '-dev', '-bind=127.0.0.1', `-http-port=${port}`], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  return whenUp(`${url}/v1/status/leader`, url, async () => void child.kill('SIGKILL'));
}

const npmStores = {
  name: join('stores', 'npm'),
  packages: [
    ...['s3rver@3.7.1', 'express@4.21.2', 'express-pouchdb@4.2.0', 'pouchdb-core@7.3.1'],
    ...['pouchdb-adapter-memory@7.3.1', 'pouchdb-mapreduce@7.3.1'],
  ],
  revision: 1,
};
// biome-ignore lint/suspicious/noExplicitAny: programs without types
type Untyped = any;

async function npmProgram(): Promise<((name: string) => Untyped) | NoStore> {
  try {
    return createRequire(join(await installTool(npmStores), 'package.json'));
  } catch (error) {
    return { missing: (error as Error).message };
  }
}

export const s3Keys = { region: 'us-east-1', accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

/** A store that speaks S3 and checks signatures; `url` is that of a bucket. */
export async function openS3(): Promise<RealStore | NoStore> {
  const load = await npmProgram();
  if ('missing' in load) return load;
  const S3rver = load('s3rver');
  const directory = mkdtempSync(join(tmpdir(), 'promptvault-s3-'));
  const options = { port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets: [{ name: 'bucket' }] };
  const server = new S3rver(options);
  const { port } = (await server.run()) as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/bucket`,
    async close() {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** PouchDB's server, which speaks CouchDB's language; `url` is that of a database. */
export async function openCouch(): Promise<RealStore | NoStore> {
  const load = await npmProgram();
  if ('missing' in load) return load;
  const PouchDB = load('pouchdb-core').plugin(load('pouchdb-adapter-memory')).plugin(load('pouchdb-mapreduce'));
  const app = load('express')();
  const options = { mode: 'minimumForPouchDB', inMemoryConfig: true };
  app.use('/', load('express-pouchdb')(PouchDB.defaults({ adapter: 'memory' }), options));
  const server: Untyped = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const url = `http://127.0.0.1:${server.address().port}/prompts`;
  await fetch(url, { method: 'PUT' });
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A program of the PATH, or of a Debian package unpacked here, which needs no rights. */
async function findProgram(name: string, debianPackage?: string): Promise<string | NoStore> {
  const own = join(folder, name, 'usr', 'bin', name);
  if (existsSync(own)) return own;
  try {
    const { stdout } = await run('sh', ['-c', `command -v ${name}`]);
    return stdout.trim();
  } catch {
    if (!debianPackage) return { missing: `${name} is not on the PATH` };
  }
  try {
    console.error(`Fetching ${debianPackage} from Debian (once)`);
    const packed = join(folder, 'deb');
    mkdirSync(packed, { recursive: true });
    await run('apt-get', ['download', debianPackage!], { cwd: packed });
    const file = readdirSync(packed).find((one) => one.startsWith(`${debianPackage}_`))!;
    await run('dpkg', ['-x', join(packed, file), join(folder, name)]);
    return own;
  } catch (error) {
    return { missing: `${name} is not on the PATH, and ${debianPackage} cannot be had: ${(error as Error).message}` };
  }
}

async function whenUp(probe: string, url: string, close: () => Promise<void>): Promise<RealStore> {
  for (let round = 0; round < 150; round += 1) {
    const isUp = await fetch(probe)
      .then(({ ok }) => ok)
      .catch(() => false);
    if (isUp) return { url, close };
    await sleep(100);
  }
  await close();
  throw new Error(`${probe} did not answer within 15 seconds`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
