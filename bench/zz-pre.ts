import { Connection } from 'tedious';
const t0 = performance.now();
const emit = Connection.prototype.emit;
(Connection.prototype as any).emit = function (name: string, ...args: any[]) {
  if (name === 'error' || name === 'end' || name === 'connect') console.error(Math.round(performance.now() - t0), name, args[0]?.stack ?? args[0], args[0]?.cause);
  return emit.call(this, name as any, ...args);
};
const se = (Connection.prototype as any).socketError;
(Connection.prototype as any).socketError = function (e: any) { console.error(Math.round(performance.now() - t0), 'socketError', e?.stack, e?.cause); return se.call(this, e); };
