import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cliModule, temporaryFolder } from '../support/cliProcess.ts';

type Ended = { code: number; stdout: string; stderr: string };
const run = (program: string, args: string[]): Promise<Ended> =>
  promisify(execFile)(program, args).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
const oneLine = /^promptvault needs Node\.js 22\.14 or newer; this is v\d+\.\d+\.\d+\. .*nodejs\.org\n$/;

describe('the command line on a Node.js that is too old', () => {
  const folder = temporaryFolder();

  it('says so in one line and loads nothing', async () => {
    const older = join(folder.path(), 'older.cjs');
    const versions = `{ ...process.versions, napi: '9' }`;
    writeFileSync(older, `Object.defineProperty(process, 'versions', { value: ${versions} });`);
    const { code, stdout, stderr } = await run(process.execPath, ['-r', older, cliModule, 'list', '--json']);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, oneLine);
  });

  it('can be read by the system’s own, whatever it is', async function () {
    const system = '/usr/bin/node';
    if (!existsSync(system)) return this.skip();
    const { code, stdout, stderr } = await run(system, [cliModule, '--version']);
    if (code === 0) assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    else assert.match(stderr, oneLine);
  });
});
