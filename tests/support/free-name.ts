let names = 0;

/** A unique database name, on a server that other test runs may use too. */
export function freeName(): string {
  return `greg_bi_test_${process.pid}_${Date.now()}_${++names}`;
}
