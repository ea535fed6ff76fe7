import { describe, expect, it } from 'vitest';
import { huesFor } from './hue.ts';

describe('huesFor', () => {
  it('gives a name the same hue in every scenario', () => {
    expect(huesFor(['nvme0', 'eth0', 'vdb']).slice(0, 3)).toEqual([0, 2, 3]);
    expect(huesFor(['sda', 'nvme0']).slice(0, 2)).toEqual([4, 0]);
  });

  it('gives two devices never the same one of six', () => {
    for (const names of [['vda', 'vdb', 'nvme0'], ['a', 'nvme0', 'b', 'c', 'd', 'e', 'f'], []]) {
      const hues = huesFor(names);
      expect(hues.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5]);
    }
    expect(huesFor(['vda', 'vdb']).slice(0, 2)).toEqual([3, 0]);
  });
});
