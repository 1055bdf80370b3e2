import type { SourceFile } from './readImports.ts';

/** Import cycles among files at run time (a type that mentions another waits for nothing), as the path that closes each. */
export function findCycles(files: SourceFile[]): string[][] {
  const needed = ({ imports }: SourceFile) =>
    imports.flatMap(({ target, typeOnly }) => (target && !typeOnly ? target : []));
  const next = new Map(files.map((file) => [file.path, needed(file)]));
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      cycles.push([...trail.slice(start), path]);
      return;
    }
    if (done.has(path)) return;
    for (const target of next.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of next.keys()) visit(path, []);
  return cycles;
}
