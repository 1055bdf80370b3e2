import { reachModels } from '../../../src/engine/reachModels.ts';
import { createLab } from '../../../src/lab/lab.ts';
import { openVault } from '../../../src/vault/vault.ts';
import { casesOf, models, prices } from './labTest.ts';

// A process of its own that begins a run and is killed by the test.
const [file, url] = process.argv.slice(2) as [string, string];
const vault = openVault(file, { actor: 'Child <c@example.org>' });
const connection = async () => ({ apiKey: 'key', baseUrl: url });
const lab = createLab({ vault, models: reachModels({ connection, prices: async () => prices }) });
const cases = casesOf(
  'q',
  Array.from({ length: 20 }, (_, i) => `question ${i + 1}`),
);
const { id } = await lab.startRun({ refs: ['a/b'], models: [models.openai], cases });
console.log(id);
