import { echo } from './echo.ts';
import { type EditorModels, editorProvider } from './editorModels.ts';
import { loadTokenizer } from './tokens.ts';
import type { Provider, Vendor } from './types.ts';

/** Vendor to code. The SDKs are big, so each is loaded by its first call; the build splits them out by these very imports. */
const loaders: { readonly [V in Vendor]: (editorModels?: EditorModels) => Promise<Provider> } = {
  openai: async () => (await import('./openai.ts')).openai,
  anthropic: async () => (await import('./anthropic.ts')).anthropic,
  google: async () => (await import('./google.ts')).google,
  compatible: async () => (await import('./openai.ts')).compatible,
  vscode: async (editorModels) => editorProvider(editorModels),
  echo: async () => {
    await loadTokenizer();
    return echo;
  },
};

/** Finding a module again takes longer than a call to a near server. */
const loaded = new Map<Vendor, Promise<Provider>>();

/** The vendor's provider. `editorModels` is what VS Code offers, for `vscode:` models. */
export function loadProvider(vendor: Vendor, editorModels?: EditorModels): Promise<Provider> {
  if (vendor === 'vscode') return loaders.vscode(editorModels);
  const loading = loaded.get(vendor) ?? loaders[vendor]();
  loaded.set(vendor, loading);
  loading.catch(() => loaded.delete(vendor));
  return loading;
}
