/** Frames of a 1 GiB pool to paint against the clock. */
import {
  AREA,
  AREA_FIELDS,
  FrameView,
  HEADER,
  HISTORY_BUCKETS,
  OWNER_FIRST,
  OWNER_LAST,
  POOL,
  RUN_STATES,
} from '../../engine/frame.ts';

export const SLOTS = 524_288;
const AREAS = 32;
const DEVICES = 4;

/** A generator of its own: the bench needs the same pictures on every machine. */
export function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** A frame of 32 areas whose slots are all free, with so many waiters and as many passages. */
export function emptyPool(queue = 0): FrameView {
  const frame = FrameView.lay(null, {
    pools: 1,
    areas: AREAS,
    devices: DEVICES,
    buckets: HISTORY_BUCKETS,
    slots: SLOTS,
    shaded: false,
    waiters: queue,
    passages: queue,
    shadowed: false,
  });
  frame.pools[POOL.nslabs] = SLOTS;
  frame.pools[POOL.nareas] = AREAS;
  frame.pools[POOL.areaNslabs] = SLOTS / AREAS;
  frame.header[HEADER.cpus] = AREAS;
  frame.header[HEADER.nslabs] = SLOTS;
  frame.header[HEADER.timeNs] = 1e9;
  frame.header[HEADER.bucketNs] = 1e6;
  frame.header[HEADER.runState] = RUN_STATES.indexOf('playing');
  for (let area = 0; area < AREAS; area++) frame.areas[area * AREA_FIELDS + AREA.holder] = -1;
  return frame;
}

/** Fills a pool with mappings of 1 to 32 slots, about `share` of it. */
export function fillPool(frame: FrameView, share: number, random: () => number): void {
  let slot = 0;
  while (slot < SLOTS) {
    const length = Math.min(1 + Math.floor(random() * 32), 128 - (slot % 128));
    if (random() < share) {
      const device = 1 + Math.floor(random() * DEVICES);
      frame.owner.fill(device, slot, slot + length);
      frame.owner[slot] = device | OWNER_FIRST;
      const last = slot + length - 1;
      frame.owner[last] = (frame.owner[last] ?? 0) | OWNER_LAST;
    }
    slot += length;
  }
  countAreas(frame);
}

function countAreas(frame: FrameView): void {
  const slots = SLOTS / AREAS;
  for (let area = 0; area < AREAS; area++) {
    let used = 0;
    for (let slot = area * slots; slot < (area + 1) * slots; slot++) {
      if ((frame.owner[slot] ?? 0) !== 0) used++;
    }
    frame.areas[area * AREA_FIELDS + AREA.used] = used;
    frame.areas[area * AREA_FIELDS + AREA.index] = (used * 7) % slots;
  }
}

/** Maps and unmaps runs of 1 to 32 slots until about `count` of them have another owner. */
export function disturb(frame: FrameView, count: number, random: () => number): void {
  let changed = 0;
  while (changed < count) {
    const slot = Math.floor(random() * SLOTS);
    const length = Math.min(1 + Math.floor(random() * 32), 128 - (slot % 128));
    const owner = frame.owner[slot] === 0 ? 1 + Math.floor(random() * DEVICES) : 0;
    frame.owner.fill(owner, slot, slot + length);
    changed += length;
  }
  countAreas(frame);
}

/** A frame that reads the same as `frame`, in a buffer of its own. */
export function copyOf(frame: FrameView): FrameView {
  return FrameView.read(frame.buffer.slice(0));
}
