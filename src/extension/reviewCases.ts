import * as vscode from 'vscode';
import type { Case } from '../lab/types.ts';
import { casePreview } from './casePreview.ts';

/** Shows proposed cases, all of them ticked; answers those a person keeps, none when they called it off. */
export async function reviewCases(cases: readonly Case[], dataset: string): Promise<Case[]> {
  const items = cases.map((one) => ({ ...casePreview(one), picked: true, one }));
  const kept = await vscode.window.showQuickPick(items, {
    title: `Add to ${dataset}: which cases?`,
    placeHolder: 'Enter adds the ticked ones',
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return (kept ?? []).map(({ one }) => one);
}
