import { VscodeIcon } from '@vscode-elements/elements/dist/vscode-icon/index.js';
import { unsafeCSS } from 'lit';

/**
 * Icons find their styles on the page and have each load them again. VS Code shows a page once nothing on it is still to be
 * loaded, so where the styles stand in the page itself, all icons share one sheet of them. It comes before an icon's own
 * styles, as a loaded one would, else icons stand too high beside words.
 */
const styles = document.querySelector('style#vscode-codicon-stylesheet')?.textContent;
if (styles) VscodeIcon.elementStyles.unshift(unsafeCSS(styles));
