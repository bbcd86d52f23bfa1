import { render } from 'preact';
import { createClient } from '../client/index.ts';
import { App } from './app/app.tsx';
import { followTitle } from './app/document-title.ts';
import { reloadForNewVersions } from './app/new-version.ts';
import { applyPreferences, range } from './app/preferences.ts';
import { watchPrinting } from './app/printing.ts';
import { startRouter } from './app/router.ts';
import { timeZone } from './format/formatting.ts';
import { serverAhead, startTicking } from './format/ticking.ts';
import { createLive } from './live/live.ts';
import { followReadMarks } from './notifications/read-marks.ts';
import { token } from './sign-in/token.ts';
import { keepAwake } from './wall/wake-lock.ts';
import { wallSettings } from './wall/wall-settings.ts';

const client = createClient({ baseUrl: location.origin, token: () => token.peek() });
const live = createLive(client, Date.now, range);

const wall = wallSettings(location.search);
applyPreferences(
  wall === undefined
    ? {}
    : { forcedTheme: wall.theme, ...(wall.range === undefined ? {} : { forcedRange: wall.range }) },
);
startRouter();
if (wall !== undefined) keepAwake();
startTicking();
watchPrinting();
reloadForNewVersions(live);
followTitle(live);
client.on('clock', (aheadMs) => {
  serverAhead.value = aheadMs;
});
followReadMarks(live);
live.about.subscribe((about) => {
  if (about !== undefined) timeZone.value = about.timeZone;
});

const root = document.getElementById('page');
if (root !== null) render(<App live={live} wall={wall} />, root);
client.connect();
