import * as vscode from 'vscode';
import { afterPromotion, misfits, type Release } from '../../code/callSiteFit.ts';
import type { CallSiteProblem } from '../../code/types.ts';
import type { VersionInfo } from '../../vault/types.ts';
import type { Deps } from '../deps.ts';
import type { CodePlace } from './codePlaces.ts';
import { findWithProgress } from './findWithProgress.ts';
import { placesText, showPlaces } from './showPlaces.ts';

type Needs = Pick<Deps, 'code'>;
type Promotion = { vault: string; info: VersionInfo; versions: readonly VersionInfo[] };
type Misfit = { place: CodePlace; problems: CallSiteProblem[] };
/** What will fail: a sentence, the places one in a line, and where they are. */
export type CodeWarning = { text: string; detail: string; places: CodePlace[] };
const listed = 8;

/**
 * Whether a version may go to production as far as the code of this window is concerned: where its variables are not those
 * that are passed, the person is shown the places and asked. False when called off.
 */
export async function codeAllows(deps: Needs, { vault, info, versions }: Promotion): Promise<boolean> {
  const found = await findWithProgress(deps, { vault, paths: [info.path] });
  if (!found) return false;
  const { path, version } = info;
  const warning = warningOf(found.places, path, { after: afterPromotion({ versions }, version), version });
  if (!warning) return true;
  const { text, detail, places } = warning;
  const [anyway, show] = ['Promote Anyway', 'Show Places'];
  const answer = await vscode.window.showWarningMessage(text, { modal: true, detail }, anyway, show);
  if (answer === show) await showPlaces(places);
  return answer === anyway;
}

/** What a release would break in the code of this window; undefined when all fits, or when nobody can tell. */
export async function codeWarning(
  { code }: Needs,
  { vault, path, release }: { vault: string; path: string; release: Release },
): Promise<CodeWarning | undefined> {
  const found = await code.places.find(vault, [path]).catch(() => undefined);
  return found && warningOf(found.places, path, release);
}

function warningOf(all: readonly CodePlace[], path: string, release: Release): CodeWarning | undefined {
  const found = all.flatMap((place): Misfit[] => {
    const problems = misfits([place.reference], release);
    return problems.length > 0 ? [{ place, problems }] : [];
  });
  if (found.length === 0) return undefined;
  const places = found.map(({ place }) => place);
  const text = `${path} v${release.version} does not fit the code: ${placesText(places)} will fail`;
  return { text, detail: detailOf(found), places };
}

function detailOf(found: readonly Misfit[]): string {
  const lines = found.slice(0, listed).map(({ place, problems }) => {
    const names = (code: CallSiteProblem['code']) =>
      problems.flatMap((one) => (one.code === code && one.variable ? one.variable : [])).join(', ');
    const missing = names('missing-variable');
    const unknown = names('unknown-variable');
    const said = [missing && `does not pass ${missing}`, unknown && `passes ${unknown}`].filter(Boolean).join(' and ');
    return `${vscode.workspace.asRelativePath(place.uri)}:${place.range.start.line + 1} ${said}`;
  });
  const more = found.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}
