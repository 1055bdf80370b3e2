import { VaultError } from '../shared/errors.ts';
import type { Vendor } from './types.ts';

/** What a person sees and sets per vendor. A vendor without `keyVariable` needs no key, one without `urlVariable` has no address. */
export type VendorInfo = {
  label: string;
  keyVariable: string | null;
  keyRequired: boolean;
  urlVariable: string | null;
  /** Origin used when none is set; null where a person must name one. */
  defaultUrl: string | null;
};

export const vendorInfo: { readonly [V in Vendor]: VendorInfo } = {
  openai: {
    label: 'OpenAI',
    keyVariable: 'OPENAI_API_KEY',
    keyRequired: true,
    urlVariable: 'OPENAI_BASE_URL',
    defaultUrl: 'https://api.openai.com',
  },
  anthropic: {
    label: 'Anthropic',
    keyVariable: 'ANTHROPIC_API_KEY',
    keyRequired: true,
    urlVariable: 'ANTHROPIC_BASE_URL',
    defaultUrl: 'https://api.anthropic.com',
  },
  google: {
    label: 'Google Gemini',
    keyVariable: 'GEMINI_API_KEY',
    keyRequired: true,
    urlVariable: 'GEMINI_BASE_URL',
    defaultUrl: 'https://generativelanguage.googleapis.com',
  },
  compatible: {
    label: 'The OpenAI-compatible server',
    keyVariable: 'PROMPTVAULT_COMPATIBLE_KEY',
    keyRequired: false,
    urlVariable: 'PROMPTVAULT_COMPATIBLE_URL',
    defaultUrl: null,
  },
  vscode: { label: 'VS Code', keyVariable: null, keyRequired: false, urlVariable: null, defaultUrl: null },
  echo: { label: 'Echo', keyVariable: null, keyRequired: false, urlVariable: null, defaultUrl: null },
};

/** The error for a vendor whose key or address is missing; `variable` names what to set. */
export function missing(vendor: Vendor, variable: string): VaultError {
  const { label, urlVariable } = vendorInfo[vendor];
  const message =
    variable === urlVariable
      ? `${label} has no address. Set ${variable}, or its base URL in the VS Code settings.`
      : `${label} needs an API key. Set ${variable}, or run "PromptVault: Set API Key…" in VS Code.`;
  return new VaultError('KEY_MISSING', message, { vendor, variable });
}
