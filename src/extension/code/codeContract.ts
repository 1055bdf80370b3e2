import * as vscode from 'vscode';
import { afterPromotion, checkCallSites } from '../../code/callSites.ts';
import { selectVersion } from '../../code/selectVersion.ts';
import type { CallSiteProblem } from '../../code/types.ts';
import type { VersionInfo } from '../../vault/types.ts';
import type { Deps } from '../deps.ts';
import type { CodePlace } from './codePlaces.ts';
import { findWithProgress } from './findWithProgress.ts';
import { placesText, showPlaces } from './showPlaces.ts';

type Promotion = { vault: string; info: VersionInfo; versions: readonly VersionInfo[] };
type Misfit = { place: CodePlace; problems: CallSiteProblem[] };
const listed = 8;

/**
 * Whether a version may go to production as far as the code of this window is concerned: where its variables are not those
 * that are passed, the person is shown the places and asked. False when called off.
 */
export async function codeAllows(deps: Pick<Deps, 'code'>, promotion: Promotion): Promise<boolean> {
  const { vault, info } = promotion;
  const found = await findWithProgress(deps, { vault, paths: [info.path] });
  if (!found) return false;
  const misfits = misfitsOf(found.places, promotion);
  if (misfits.length === 0) return true;
  const places = misfits.map(({ place }) => place);
  const question = `${info.path} v${info.version} does not fit the code: ${placesText(places)} will fail`;
  const [anyway, show] = ['Promote Anyway', 'Show Places'];
  const detail = detailOf(misfits);
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, anyway, show);
  if (answer === show) await showPlaces(places);
  return answer === anyway;
}

/** The places that will get this version, and pass other variables than it declares. */
function misfitsOf(places: readonly CodePlace[], { info, versions }: Promotion): Misfit[] {
  const after = afterPromotion({ versions }, info.version);
  return places.flatMap((place) => {
    const selected = selectVersion(after.versions, place.reference);
    if (!('found' in selected) || selected.found.version !== info.version) return [];
    const problems = checkCallSites([place.reference], () => after).filter(({ variable }) => variable !== null);
    return problems.length > 0 ? [{ place, problems }] : [];
  });
}

function detailOf(misfits: readonly Misfit[]): string {
  const lines = misfits.slice(0, listed).map(({ place, problems }) => {
    const names = (code: CallSiteProblem['code']) =>
      problems.flatMap((one) => (one.code === code && one.variable ? one.variable : [])).join(', ');
    const missing = names('missing-variable');
    const unknown = names('unknown-variable');
    const said = [missing && `does not pass ${missing}`, unknown && `passes ${unknown}`].filter(Boolean).join(' and ');
    return `${vscode.workspace.asRelativePath(place.uri)}:${place.range.start.line + 1} ${said}`;
  });
  const more = misfits.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}
