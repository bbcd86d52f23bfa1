export { createRowsOutlet } from './outlet.ts';
