import { describe, expect, it } from 'vitest';
import { SMALL_MACHINE } from '../testing/page-machine.ts';
import { bootMemory } from './boot-memory.ts';
import { buddyinfoText, pagetypeinfoText } from './buddy-text.ts';
import { gfp } from './gfp.ts';
import { PageAllocator } from './page-allocator.ts';
import { restoreMemory } from './page-snapshot.ts';

describe('what /proc shows of the free lists', () => {
  it('buddyinfo: a line a zone', () => {
    const memory = bootMemory(SMALL_MACHINE);
    new PageAllocator(memory).alloc(0, gfp('kernel'));
    expect(buddyinfoText(memory).split('\n')).toEqual([
      'Node 0, zone      DMA      2      2      2      2      2      1      1      0      1      1      3 ',
      'Node 0, zone    DMA32      0      0      0      0      0      0      0      0      0      0      8 ',
      'Node 0, zone   Normal      1      1      1      1      1      1      1      1      1      1      3 ',
      '',
    ]);
  });

  it('pagetypeinfo: free blocks by kind, then pageblocks by kind', () => {
    const memory = bootMemory({ usable: [{ startPfn: 4096, pages: 4096 }] });
    new PageAllocator(memory).alloc(9, gfp('kernel'));
    const zeros = '     0 '.repeat(11);
    expect(pagetypeinfoText(memory).split('\n')).toEqual([
      'Page block order: 9',
      'Pages per block:  512',
      '',
      'Free pages count per migrate type at order       0      1      2      3      4      5      6      7      8      9     10 ',
      `Node    0, zone    DMA32, type    Unmovable ${'     0 '.repeat(9)}     1      0 `,
      `Node    0, zone    DMA32, type      Movable ${'     0 '.repeat(10)}     3 `,
      `Node    0, zone    DMA32, type  Reclaimable ${zeros}`,
      `Node    0, zone    DMA32, type   HighAtomic ${zeros}`,
      `Node    0, zone    DMA32, type          CMA ${zeros}`,
      `Node    0, zone    DMA32, type      Isolate ${zeros}`,
      '',
      'Number of blocks type     Unmovable      Movable  Reclaimable   HighAtomic          CMA      Isolate ',
      'Node 0, zone    DMA32            2            6            0            0            0            0 ',
      '',
    ]);
  });

  it('pagetypeinfo stops counting at 100000', () => {
    const memory = restoreMemory([
      {
        id: 1,
        managed: 2 ** 20,
        marks: { min: 0, low: 0, high: 0, reserve: [0, 0, 0] },
        boost: 0,
        reservedHighatomic: 0,
        lists: [singlePages(99_999), singlePages(100_000)],
        scannable: 0,
      },
    ]);
    expect(pagetypeinfoText(memory)).toContain('type    Unmovable  99999      0 ');
    expect(pagetypeinfoText(memory)).toContain('type      Movable >100000      0 ');
    expect(buddyinfoText(memory)).toContain('zone    DMA32 199999      0 ');
  });
});

/** So many free single pages and no larger block. */
function singlePages(count: number): number[] {
  return [count, ...Array.from({ length: 10 }, () => 0)];
}
