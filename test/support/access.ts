import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { repository } from './npmTool.ts';

type Violation = { id: string; impact: string; nodes: { target: unknown; failureSummary: string }[] };

/** Serious and critical findings of axe in a page or a panel, or in the part that `selector` names, as `rule: element`. */
export async function accessProblems(page: Page | Frame, selector?: string): Promise<string[]> {
  await page.evaluate(await readFile(join(repository, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(async (part) => {
    const { axe } = window as unknown as { axe: { run(context: unknown): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run(part ?? document);
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary}`),
      );
  }, selector);
}
