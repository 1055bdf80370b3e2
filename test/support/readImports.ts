import { readFile } from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';

export type Import = {
  /** As written. */
  specifier: string;
  /** The file it means, relative to the root; null for a package. */
  target: string | null;
  /** Gone at run time. */
  typeOnly: boolean;
};
export type SourceFile = { path: string; text: string; imports: Import[]; exports: string[] };

/**
 * What each file imports and exports, read by esbuild's parser, so that text in strings and comments does not count.
 * `paths` are relative to `root`, with slashes.
 */
export async function readSources(root: string, paths: string[]): Promise<SourceFile[]> {
  const values = await parse(root, paths, (text) => text);
  // esbuild drops what is only a type, so a second reading sees `import type` as `import`.
  const all = await parse(root, paths, (text) =>
    text.replaceAll(/^(\s*)(import|export) type (?=[^=;]*?from\s|\{|\*)/gm, '$1$2 '),
  );
  return Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(root, path), 'utf8');
      const atRunTime = values.imports.get(path) ?? new Set();
      const specifiers = new Set([...atRunTime, ...(all.imports.get(path) ?? []), ...typeQueries(text)]);
      const imports = [...specifiers].map((specifier) => ({
        specifier,
        target: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null,
        typeOnly: !atRunTime.has(specifier),
      }));
      return { path, text, imports, exports: values.exports.get(path) ?? [] };
    }),
  );
}

/** `import('./x.ts').Name` as a type. */
function typeQueries(text: string): string[] {
  return [...text.matchAll(/\bimport\('([^']+)'\)\.[A-Z]/g)].flatMap((match) => match[1] ?? []);
}

async function parse(root: string, paths: string[], change: (text: string) => string) {
  const imports = new Map<string, Set<string>>();
  const name = (file: string) => relative(root, file).replaceAll('\\', '/');
  const collect: Plugin = {
    name: 'collect',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /.*/ }, ({ kind, path, importer }) => {
        if (kind === 'entry-point') return { path: join(root, path) };
        const from = name(importer);
        imports.set(from, (imports.get(from) ?? new Set()).add(path));
        return { path, external: true };
      });
      onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
        contents: change(await readFile(path, 'utf8')),
        loader: 'ts',
        resolveDir: dirname(path),
      }));
    },
  };
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: paths,
    outdir: join(root, 'out'),
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    plugins: [collect],
  });
  const exports = new Map(Object.values(metafile.outputs).map((output) => [output.entryPoint ?? '', output.exports]));
  return { imports, exports };
}
