import './editor.css';
import './editorPanel.ts';
import { mount } from '../shared/page.ts';

mount('pv-editor');
