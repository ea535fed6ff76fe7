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
] as const;
