import { createJsonText } from './jsonText.ts';
import { createMessageEditor } from './messageEditor.ts';

/** All that needs CodeMirror: a file of its own beside the page's script. */
export const textEditors = { createMessageEditor, createJsonText };
