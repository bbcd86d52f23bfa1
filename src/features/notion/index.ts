export { checkNotion } from './check.ts';
export { createNotionOutlet } from './outlet.ts';
export type { NotionSettings } from './settings.ts';
