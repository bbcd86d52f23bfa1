import { expect, test } from 'bun:test';
import { namesThisMachine } from '../../../src/core/access/hosts.ts';

test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '[::1]'])('%s is this machine', (host) => {
  expect(namesThisMachine(new Request(`http://${host}:8000/api/claims`))).toBe(true);
});

test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1', '[::2]'])(
  '%s is not',
  (host) => {
    expect(namesThisMachine(new Request(`http://${host}:8000/api/claims`))).toBe(false);
  },
);
