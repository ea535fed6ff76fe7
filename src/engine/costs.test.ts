import { expect, test } from 'vitest';
import { costLines, DEFAULT_COSTS } from './costs.ts';

test('every cost names its unit and where its value comes from', () => {
  const lines = costLines(DEFAULT_COSTS);
  expect(lines).toHaveLength(Object.keys(DEFAULT_COSTS).length);
  for (const { name, value, unit, source } of lines) {
    expect(name).not.toBe('');
    expect(value).toBeGreaterThan(0);
    expect(unit).toMatch(/^(ns|bytes\/ns)$/);
    expect(source).toMatch(/^(assumption: |recording |[A-Za-z_]+(\(\))?, )/);
  }
});

test('a cost that was changed no longer claims its old source', () => {
  const lines = costLines({ ...DEFAULT_COSTS, slotNs: 5 });
  expect(lines.filter(({ source }) => source === 'changed by hand')).toEqual([
    { name: 'inspected slot', value: 5, unit: 'ns', source: 'changed by hand' },
  ]);
});
