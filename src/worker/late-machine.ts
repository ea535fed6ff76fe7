/** What only machines with a page allocator need, as one piece. */
export { guestPages } from '../engine/guest-memory.ts';
export { MemoryDesk } from './memory-desk.ts';
