import { describe, expect, it } from 'vitest';
import type { MappingStory } from '../store/reports.ts';
import { whyHere } from './why-here.ts';

const MAPPING: MappingStory = {
  id: 1,
  device: 0,
  first: 0,
  nslots: 40,
  padSlots: 0,
  cpu: 2,
  origAddr: 0x1800,
  size: 81_920,
  tlbAddr: 0,
  direction: 1,
  mappedNs: 0,
  probes: 92,
  areas: 1,
};
const AROUND = { poolKind: 'default', area: 2, nareas: 4, minAlignMask: 4095 };

describe('whyHere', () => {
  it('names the area, the parity, the run and the work', () => {
    expect(whyHere(MAPPING, AROUND)).toBe(
      'Area 2 is where CPU 2 begins; from its hint on it was the first odd slot, as the device ' +
        'keeps a buffer’s place in its page, with 40 free in a row; the search looked at 92 slots.',
    );
  });

  it('says when other areas were searched before', () => {
    expect(whyHere({ ...MAPPING, areas: 3 }, AROUND)).toMatch(/^CPU 2 searched 2 areas in vain/);
  });

  it('knows the kernel’s rule for pages', () => {
    const free = { ...AROUND, minAlignMask: 0 };
    expect(whyHere(MAPPING, free)).toContain('first slot that begins a page, with 40 free');
    expect(whyHere({ ...MAPPING, size: 100, nslots: 1 }, free)).toContain(
      'first slot that was free; the search',
    );
  });

  it('says what a transient pool is', () => {
    expect(whyHere(MAPPING, { ...AROUND, poolKind: 'transient' })).toMatch(/^No pool had room/);
  });
});
