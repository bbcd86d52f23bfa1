/** The Worker of the mirror, which an uncaught error ends on demand. */
import '../../../src/mirror-worker.ts';

new BroadcastChannel('crash').onmessage = () => {
  throw new TypeError('a bug of the Worker');
};
