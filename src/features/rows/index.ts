export { checkRows } from './check.ts';
export { createRowsOutlet } from './outlet.ts';
