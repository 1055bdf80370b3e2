import { VscodeIcon } from '@vscode-elements/elements/dist/vscode-icon/index.js';
import { unsafeCSS } from 'lit';

/**
 * Icons find their styles on the page and have each load them again. VS Code shows a page once nothing on it is still to be
 * loaded, so where the styles stand in the page itself, all icons share one sheet of them.
 */
const styles = document.querySelector('style#vscode-codicon-stylesheet')?.textContent;
if (styles) VscodeIcon.elementStyles.push(unsafeCSS(styles));
