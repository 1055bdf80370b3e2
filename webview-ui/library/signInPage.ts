import { html, nothing, type TemplateResult } from 'lit';
import type { Library } from './library.ts';

export function signInPage(library: Library): TemplateResult {
  const { phase, signInProblem } = library.view;
  const busy = phase === 'signingIn';
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).elements.namedItem('token') as HTMLInputElement;
    const token = field.value.trim();
    // The field is emptied at once, so that no browser offers to keep it.
    field.value = '';
    if (token) void library.signIn(token);
  };
  return html`<main class="signIn">
    <h1>PromptVault</h1>
    <p>The prompts of this team, as they are in production, and how they came to be.</p>
    <form @submit=${submit}>
      <label for="token">Access token</label>
      <input id="token" name="token" type="password" required autocomplete="off" spellcheck="false" placeholder="pv_…"
        aria-describedby="tokenHelp" aria-invalid=${signInProblem ? 'true' : 'false'} ?disabled=${busy}>
      <p id="tokenHelp" class="quiet">Whoever runs this server makes it with <code>promptvault token create</code>, or in VS Code with “Create Token…” in the Publishing view. It stays in this tab until you close it or sign out.</p>
      ${signInProblem ? html`<p class="problem" role="alert">${signInProblem}</p>` : nothing}
      <button class="primary" type="submit" ?disabled=${busy}>${busy ? 'Signing In…' : 'Sign In'}</button>
    </form>
  </main>`;
}
