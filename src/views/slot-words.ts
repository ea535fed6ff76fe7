/** A slot in a few words, for the tooltip and for whoever listens. */
import { SEGMENT_SLOTS } from '../model/geometry.ts';
import type { MachineSummary, MappingStory, SlotStory } from '../store/reports.ts';
import type { PoolReadout } from '../store/readout.ts';
import { bytes, count, duration, hex, plural } from './words.ts';

/** By `MappingStory.direction`. */
export const DIRECTIONS = [
  'both ways',
  'to device',
  'from device',
  'allocated by dma_alloc',
] as const;
const ALLOCATED = 3;

/** Whether the slots are memory that a driver got by `dma_alloc_*`, not a place for a copy. */
export function isAllocated({ direction }: MappingStory): boolean {
  return direction === ALLOCATED;
}

export interface SlotWords {
  /** Who holds it, or that it is free. */
  readonly who: string;
  readonly where: string;
  readonly what: string;
  readonly bus: string;
}

export interface SlotSetting {
  readonly machine: MachineSummary | null;
  readonly pool: PoolReadout | undefined;
  readonly timeNs: number;
}

export function slotWords(story: SlotStory, { machine, pool, timeNs }: SlotSetting): SlotWords {
  const { at, mapping, area } = story;
  const row = Math.floor((at.slot % (pool?.areaNslabs ?? Infinity)) / SEGMENT_SLOTS);
  const place = `slot ${count(at.slot)} · area ${area} row ${row} +${at.slot % SEGMENT_SLOTS}`;
  const where = story.poolKind === 'default' ? place : `${story.poolKind} pool · ${place}`;
  if (!mapping) {
    const free = `${plural(story.list, 'slot')} free from here on`;
    return { who: 'free', where, what: free, bus: hex(story.bus) };
  }
  const device = machine?.devices[mapping.device];
  const padding =
    mapping.padSlots > 0 && at.slot < mapping.first + mapping.padSlots ? 'padding of ' : '';
  const age = duration(Math.max(0, timeNs - mapping.mappedNs));
  const size = `${plural(mapping.nslots, 'slot')} · ${bytes(mapping.size)}`;
  return {
    who: `${padding}${device?.name ?? 'unknown device'}`,
    where,
    what: `${size} ${DIRECTIONS[mapping.direction]} · held ${age}`,
    bus: hex(story.bus),
  };
}
