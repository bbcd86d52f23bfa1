let names = 0;

/** A name for a database that nobody else has, on a server that others may test on. */
export function freeName(): string {
  return `greg_bi_test_${process.pid}_${Date.now()}_${++names}`;
}
