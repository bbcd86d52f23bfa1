export { createWebhookOutlets } from './outlet.ts';
export type { WebhookSettings } from './settings.ts';
