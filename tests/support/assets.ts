import { openAssets } from '../../src/open-assets.ts';

/** The browser files, as in the server. */
export const assets = await openAssets({ watchPage: false, onError: console.error });
