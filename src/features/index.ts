import type { Feature } from '../core/runtime/define-feature.ts';
import { claims } from './claims/index.ts';
import { content } from './content/index.ts';
import { financial } from './financial/index.ts';
import { storage } from './storage/index.ts';
import { subscriptions } from './subscriptions/index.ts';
import { support } from './support/index.ts';
import { users } from './users/index.ts';

/** Every feature: a folder, and its name in this list. */
export const features: readonly Feature[] = [claims, financial, subscriptions, support, content, users, storage];
