import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type FileTree = { folder: string; write(files: { [path: string]: string | Uint8Array }): Promise<void> };

/** An empty folder for the tests of the current block, removed after each. */
export function useFileTree(): FileTree {
  const tree: FileTree = {
    folder: '',
    async write(files) {
      for (const [path, content] of Object.entries(files)) {
        const file = join(tree.folder, path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, content);
      }
    },
  };
  beforeEach(async () => {
    tree.folder = await mkdtemp(join(tmpdir(), 'promptvault-files-'));
  });
  afterEach(() => rm(tree.folder, { recursive: true, force: true }));
  return tree;
}
