/** The kernel's words, each explained in a sentence. */
export const TERMS = [
  ['bounce', 'copy a buffer to where its device can reach it, and back when the device is done'],
  ['slot', '2 KiB of the memory set aside for that'],
  ['segment', '128 slots, a row here; no buffer crosses its end'],
  ['area', 'a part of a pool with a lock of its own, so that CPUs need not wait for each other'],
  ['hint', 'index of an area: where its next search begins'],
  ['list', 'free slots from this one on, up to the end of its segment'],
  ['padding', 'slots in front of a buffer that keep its place within an aligned block'],
  ['peak', 'io_tlb_used_hiwater: the most slots ever in use at a time'],
  ['map', 'give a buffer to its device; where it cannot reach it, take slots and copy'],
  ['unmap', 'take it back when the device is done: copy back, free the slots'],
  ['depth', 'requests a device has under way, of the most it takes at a time'],
  ['retried', 'asked again after a failed map, when other requests have ended'],
  ['spun', 'time CPUs lost waiting for an area’s lock, as a share of all time'],
  ['may block', 'the driver may sleep in a map, so it could wait for room'],
] as const;

/** What a number on the page counts, for whoever rests the pointer on it. */
export const MEANINGS = {
  maps: 'Buffers that were copied through this memory, so far.',
  failed: 'Maps that found no free run long enough, so far.',
  unmaps: 'Buffers given back, their slots freed, so far.',
  copied: 'Bytes the CPUs copied, in and out.',
  direct: 'Buffers their devices reached by themselves: no copy, no slot.',
  done: 'Requests finished a virtual second, averaged over the last stretch; the slider says what is asked for.',
  depth: 'Requests under way, of the most this device takes at a time.',
  waiting: 'Requests put back after a failed map, waiting to ask again.',
  'failed here': 'Maps of this device that found no free run long enough.',
  retried: 'Requests that asked again after a failed map.',
  dropped: 'Packets given up because a map failed.',
  'I/O errors': 'Requests whose failure was reported upwards.',
  'copied here': 'Buffers of this device that took slots here.',
  live: 'Buffers of this device that hold slots now.',
  io_tlb_nslabs: 'Slots of all pools that stay: the capacity.',
  io_tlb_used: 'Slots in use now.',
  io_tlb_used_hiwater: 'The most slots ever in use at a time; writing 0 begins anew.',
  io_tlb_transient_nslabs: 'Slots of pools made for a single buffer each.',
} as const;
