/** The Worker of the store, which an uncaught error ends on demand. */
import '../../../src/core/store/store-worker.ts';

new BroadcastChannel('crash the store').onmessage = () => {
  throw new TypeError('a bug of the Worker');
};
