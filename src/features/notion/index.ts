export { createNotionOutlet } from './outlet.ts';
