/** The Worker of the demo, which an uncaught error ends on demand. */
import '../../src/demo/demo-worker.ts';

new BroadcastChannel('crash the demo').onmessage = () => {
  throw new TypeError('a bug of the Worker');
};
