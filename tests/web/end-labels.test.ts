import { describe, expect, test } from 'bun:test';
import { spreadOut } from '../../src/web/charts/end-labels.ts';

describe('labels at the ends of lines', () => {
  test('stay where their lines end if that is far enough apart', () => {
    expect(spreadOut([100, 20, 60], 16)).toEqual([100, 20, 60]);
  });

  test('move apart around their middle if it is not', () => {
    expect(spreadOut([50, 50], 16)).toEqual([42, 58]);
    expect(spreadOut([52, 50], 16)).toEqual([59, 43]);
  });

  test('are none where there is no line', () => {
    expect(spreadOut([], 16)).toEqual([]);
  });
});
