/**
 * A page allocator beside another, in the same state: it can be asked what would happen, and nothing
 * of what it does is seen by the first.
 */
import type { PageMemory } from './boot-memory.ts';
import { PageAllocator } from './page-allocator.ts';

/** Copies every page, list and count: 5 bytes a page. */
export function copyAllocator(allocator: PageAllocator): PageAllocator {
  const pages = allocator.pages.copy();
  const memory: PageMemory = { pages, zones: allocator.zones.map((zone) => zone.copy(pages)) };
  const copy = new PageAllocator(memory);
  copy.compaction = allocator.compaction;
  copy.kswapdWoken = allocator.kswapdWoken;
  return copy;
}
