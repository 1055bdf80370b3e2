import type { Verb } from '../verb.ts';
import { agentVerbs } from './agentVerbs.ts';
import { blameVerbs } from './blameVerb.ts';
import { bundleVerbs } from './bundleVerbs.ts';
import { careVerbs } from './careVerbs.ts';
import { checkVerbs } from './checkVerbs.ts';
import { codeVerbs } from './codeVerbs.ts';
import { draftVerbs } from './draftVerbs.ts';
import { labVerbs } from './labVerbs.ts';
import { lifecycleVerbs } from './lifecycleVerbs.ts';
import { lookVerbs } from './lookVerbs.ts';
import { organiseVerbs } from './organiseVerbs.ts';
import { productionVerbs } from './productionVerbs.ts';
import { runVerbs } from './runVerbs.ts';
import { serveVerbs } from './serveVerbs.ts';
import { syncVerbs } from './syncVerbs.ts';
import { testVerbs } from './testVerbs.ts';
import { vaultVerbs } from './vaultVerbs.ts';
import { webhookVerbs } from './webhookVerbs.ts';

/** In the order of the help. */
export const verbs: readonly Verb[] = [
  ...vaultVerbs,
  ...careVerbs,
  ...draftVerbs,
  ...lookVerbs,
  ...blameVerbs,
  ...organiseVerbs,
  ...lifecycleVerbs,
  ...testVerbs,
  ...checkVerbs,
  ...runVerbs,
  ...labVerbs,
  ...productionVerbs,
  ...syncVerbs,
  ...webhookVerbs,
  ...bundleVerbs,
  ...codeVerbs,
  ...agentVerbs,
  ...serveVerbs,
];
