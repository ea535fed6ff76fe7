/** The narrator on drivers that get memory of their own, and what that leaves to the others. */
import type { Readout } from '../store/readout.ts';
import { grownWords } from './narrator-growth.ts';
import { say, shareWords, type Named, type Sentence } from './narrator-words.ts';

/** From this part of the pools on it is the driver that decides about them. */
const MOST = 0.5;

/** A driver that holds most of the pools, or as much beside them as they hold. */
export function ofAllocations(readout: Readout, devices: readonly Named[]): Sentence | null {
  const [one] = devices.toSorted((a, b) => b.device.allocatedBytes - a.device.allocatedBytes);
  if (!one || one.device.allocatedBytes === 0) return null;
  const { name, device } = one;
  if (device.mappings === 0) {
    return say(
      `${name} keeps pages of its own, each converted when it was got; this memory is left to the others.`,
      name,
    );
  }
  if (device.slots < MOST * readout.slots) return null;
  const sum = grownWords(readout);
  if (sum !== null) {
    return say(
      `${name} got ${shareWords(device.slots, readout.slots)} of this memory by dma_alloc and keeps it; pools are added until all are served, ${sum} so far.`,
      name,
    );
  }
  if (device.waiting > 0) {
    return say(
      `${name} got nearly all of this memory by dma_alloc and asks for more: there is no room for anybody.`,
      name,
    );
  }
  return say(
    `${name} got most of this memory by dma_alloc and keeps it long; the others share what is left.`,
    name,
  );
}
