import type { Feature } from '../core/runtime/define-feature.ts';
import { claims } from './claims/index.ts';

/** The one list. A feature is a folder and a line here. */
export const features: readonly Feature[] = [claims];
