import type { EngineClient } from '../engine/engineClient.ts';

export type Move = { path: string; to: string };

/** Moves one after the other and answers those that were done; what fails stops it, and `failed` hears why. */
export async function moveAll(
  engine: Pick<EngineClient, 'move'>,
  moves: readonly Move[],
  failed: (error: unknown) => void,
): Promise<Move[]> {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      await engine.move(move);
      done.push(move);
    }
  } catch (error) {
    failed(error);
  }
  return done;
}

/** The way back: last first, since one may have taken the place of another. */
export const reversed = (moves: readonly Move[]): Move[] =>
  moves.map(({ path, to }) => ({ path: to, to: path })).reverse();

/** Where a prompt comes to lie in a folder; what lies below `from` keeps its place there. '' is the top. */
export function pathIn(folder: string, path: string, from: string): string {
  const below = from === '' ? path : path.slice(from.length + 1);
  return folder === '' ? below : `${folder}/${below}`;
}

/** "Moved triage to support", "Moved 3 prompts to support". */
export function movedText(moves: readonly Move[], folder: string): string {
  const [first] = moves;
  const name = first?.path.slice(first.path.lastIndexOf('/') + 1);
  return `Moved ${moves.length === 1 ? name : `${moves.length} prompts`} to ${folder || 'the top'}`;
}
