import { describe, expect, it } from 'vitest';
import { machineFrom } from '../testing/pool-art.ts';
import { bounceOf, syncCopies } from './sync.ts';

const ORIG = 2 ** 32 + 0x345;

/** A machine with one mapping of `bytes` on it. */
function mapped(bytes: number) {
  const machine = machineFrom('', { demands: { minAlignMask: 4095 } });
  return { ...machine, tlb: machine.swiotlb.tblMapSingle(machine.device, 0, ORIG, bytes) };
}

describe('bounceOf', () => {
  it('copies from where the data is, also in the middle of a mapping', () => {
    const { pool, device, tlb } = mapped(6000);
    expect(bounceOf(pool, device, tlb + 3000, 100)).toEqual({
      orig: ORIG + 3000,
      tlb: tlb + 3000,
      bytes: 100,
      clamped: false,
    });
  });

  it('copies no more than the mapping holds', () => {
    const { pool, device, tlb } = mapped(6000);
    expect(bounceOf(pool, device, tlb + 5900, 4000)).toMatchObject({ bytes: 100, clamped: true });
  });

  it('copies all that is asked behind the end of a mapping, where the kernel’s room wraps', () => {
    const { pool, device, tlb } = mapped(100);
    expect(bounceOf(pool, device, tlb + 200, 10)).toMatchObject({ bytes: 10, clamped: false });
  });

  it('copies nothing from a free slot', () => {
    const { pool, device } = mapped(100);
    expect(bounceOf(pool, device, pool.base + 20 * 2048, 100)).toBe(null);
  });
});

describe('syncCopies', () => {
  it('copies only in the direction of the mapping', () => {
    const copies = [0, 1, 2].map((direction) => [
      syncCopies(direction, true),
      syncCopies(direction, false),
    ]);
    expect(copies).toEqual([
      [true, true],
      [true, false],
      [false, true],
    ]);
  });
});
