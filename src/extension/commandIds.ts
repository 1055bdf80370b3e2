import type { ArgumentKind, ArgumentTypes } from './targets.ts';

/** Every command and what it takes. The manifest test compares the ids with package.json, both ways. */
export const commandIds = {
  'promptvault.vault.create': [],
  'promptvault.vault.retry': [],
  'promptvault.vault.trust': [],
  'promptvault.vault.backup': [],
  'promptvault.vault.restore': [],
  'promptvault.vault.verify': [],
  'promptvault.vault.doctor': [],
  'promptvault.vault.setUpGit': [],
  'promptvault.prompt.create': [],
  'promptvault.prompt.import': ['uris', 'uris'],
  'promptvault.prompt.open': ['prompt'],
  'promptvault.prompt.edit': ['prompt'],
  'promptvault.prompt.move': ['prompt'],
  'promptvault.prompt.tag': ['prompt', 'prompts'],
  'promptvault.prompts.search': ['text'],
  'promptvault.prompts.clearSearch': [],
  'promptvault.prompts.groupByFolder': [],
  'promptvault.prompts.groupByTag': [],
  'promptvault.prompts.groupByStage': [],
  'promptvault.prompts.refresh': [],
  'promptvault.prompts.loadMore': ['text'],
  'promptvault.prompts.goTo': [],
  'promptvault.version.open': ['version'],
  'promptvault.version.openText': ['prompt'],
  'promptvault.version.checkOut': ['prompt'],
  'promptvault.version.save': [],
  'promptvault.version.create': ['prompt'],
  'promptvault.version.promote': ['prompt'],
  'promptvault.version.delete': ['prompt'],
  'promptvault.version.compare': ['prompt', 'prompts'],
  'promptvault.version.compareWithPrd': ['prompt'],
  'promptvault.version.rollback': ['prompt'],
  'promptvault.version.rehearseRollback': ['prompt'],
  'promptvault.version.selectForCompare': ['side'],
  'promptvault.version.compareWithSelected': ['side'],
  'promptvault.version.showBlame': ['version'],
  'promptvault.version.hideBlame': [],
  'promptvault.prompt.compareDrafts': ['prompt', 'prompts'],
  'promptvault.prompt.compareVersions': ['prompt'],
  'promptvault.revision.restore': ['revision'],
  'promptvault.revision.compare': ['revision'],
  'promptvault.lab.open': ['prompt', 'prompts'],
  'promptvault.run.open': ['run'],
  'promptvault.models.setKey': ['text'],
  'promptvault.models.removeKey': ['text'],
  'promptvault.snippet.insert': ['prompt'],
  'promptvault.sync.run': [],
  'promptvault.sync.setToken': [],
  'promptvault.codeLens.hide': [],
  'promptvault.log.show': [],
} as const satisfies Record<`promptvault.${string}.${string}`, readonly ArgumentKind[]>;

export type CommandId = keyof typeof commandIds;
type Taken<Kinds extends readonly ArgumentKind[]> = {
  -readonly [Index in keyof Kinds]: ArgumentTypes[Kinds[Index]] | undefined;
};
/** A handler gets each argument parsed, or undefined: then it asks the person. */
export type CommandTable = { [Id in CommandId]: (...args: Taken<(typeof commandIds)[Id]>) => Promise<unknown> };
