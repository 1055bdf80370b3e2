import './lab.css';
import './labPanel.ts';
import { mount } from '../shared/page.ts';

mount('pv-lab');
