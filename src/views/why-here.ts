/** Why the kernel put a buffer where it is, in one sentence. */
import { PAGE_BYTES, SLOT_BYTES } from '../model/geometry.ts';
import type { MappingStory } from '../store/reports.ts';
import { count, plural } from './words.ts';

const ALLOCATED = 3;

/** What the sentence needs to know about where the buffer lies. */
export interface Surroundings {
  readonly poolKind: string;
  readonly area: number;
  readonly nareas: number;
  readonly minAlignMask: number;
}

/** Which of two neighbouring slots could do, if not both. */
function parity({ origAddr, size, direction }: MappingStory, minAlignMask: number): string {
  if (direction === ALLOCATED) return 'slot at a multiple of the size,';
  const odd = Math.floor(origAddr / SLOT_BYTES) % 2 === 1;
  if (minAlignMask >= PAGE_BYTES - 1) {
    return `${odd ? 'odd' : 'even'} slot, as the device keeps a buffer’s place in its page,`;
  }
  return minAlignMask === 0 && size >= PAGE_BYTES ? 'slot that begins a page,' : 'slot';
}

function place(mapping: MappingStory, { area, nareas, poolKind }: Surroundings): string {
  if (nareas === 1) return `The ${poolKind} pool has one area; from its hint on`;
  const before = mapping.areas - 1;
  if (before > 0) {
    const others = plural(before, 'area');
    return `CPU ${mapping.cpu} searched ${others} in vain, then area ${area}; from its hint on`;
  }
  return `Area ${area} is where CPU ${mapping.cpu} begins; from its hint on`;
}

/** One sentence from the search that found the place. */
export function whyHere(mapping: MappingStory, around: Surroundings): string {
  if (around.poolKind === 'transient') {
    return 'No pool had room: this one was made for this buffer alone, and goes with it.';
  }
  const wanted =
    mapping.nslots === 1 ? 'that was free' : `with ${count(mapping.nslots)} free in a row`;
  const looked =
    mapping.probes > 0 ? `; the search looked at ${plural(mapping.probes, 'slot')}` : '';
  return `${place(mapping, around)} it was the first ${parity(mapping, around.minAlignMask)} ${wanted}${looked}.`;
}
