/** `read` changes nothing, `run` spends money when confirmed, `draft` writes versions in DEV and exists only where a person allowed it. */
export type ToolKind = 'read' | 'run' | 'draft';

/** The tools there are, for those who must name them before any is loaded. */
export const toolKinds = {
  search_prompts: 'read',
  get_prompt: 'read',
  render_prompt: 'read',
  compare_versions: 'read',
  read_history: 'read',
  list_suites: 'read',
  run_suite: 'run',
  create_draft: 'draft',
  edit_draft: 'draft',
} as const satisfies { [name: string]: ToolKind };
export type ToolName = keyof typeof toolKinds;
