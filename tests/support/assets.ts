import { openAssets } from '../../src/open-assets.ts';

/** The files for browsers, as the server has them. */
export const assets = await openAssets({ watchPage: false, onError: console.error });
