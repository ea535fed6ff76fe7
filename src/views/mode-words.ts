/** The answers to a full pool: what each does, what it costs, and what became of it. */
import type { GrowthMode } from '../store/reports.ts';

/** What is said of a mode where there is room. */
export interface ModeWords {
  readonly name: string;
  /** What it does, one sentence. */
  readonly rule: string;
  /** What it costs. */
  readonly price: string;
  /** Who proposed it, and what became of it. */
  readonly from: string;
}

const JANUARY_2024 = 'Proposed in January 2024, not merged';
const REVIEW_2024 = 'Suggested in reviews, 2023 and 2024; never a patch';
const RFC_2023 = 'RFC of March 2023, not merged';

/** Every mode. */
export const MODE_WORDS: { readonly [mode in GrowthMode]: ModeWords } = {
  fixed: {
    name: 'fixed',
    rule: 'The pool is reserved at boot and never changes: 64 MiB, or 6 % of an encrypted guest.',
    price: 'mostly unused, and when it is full a map fails.',
    from: 'Linux without CONFIG_SWIOTLB_DYNAMIC',
  },
  dynamic: {
    name: 'dynamic',
    rule: 'A full pool wakes a worker that fetches another; until then a request gets a pool of its own.',
    price: 'needs large free blocks, and small pools have fewer areas.',
    from: 'Linux 6.6 and later, with CONFIG_SWIOTLB_DYNAMIC',
  },
  cma: {
    name: 'dynamic, from CMA',
    rule: 'A region is reserved at boot and lent to movable pages; the worker takes ranges of it back.',
    price: 'pages must be moved first, and the region is the bound.',
    from: REVIEW_2024,
  },
  hugepage: {
    name: 'dynamic, whole 2 MiB pages',
    rule: 'Boot pool (8 %) and every increment are multiples of 2 MiB, so the host splits no page.',
    price:
      'more memory than was asked for; where kernel objects scatter, 2 MiB is about as hard to get as 1 MiB.',
    from: JANUARY_2024,
  },
  'fixed-alloc': {
    name: 'fixed, dma_alloc from the pool',
    rule: 'What drivers allocate for good also comes from the pool, which is shared already.',
    price: 'no conversions, but one driver can take the pool for ever.',
    from: JANUARY_2024,
  },
  'dynamic-alloc': {
    name: 'dynamic, dma_alloc from the pool',
    rule: 'The same in a pool that grows.',
    price: 'the pool keeps every size it ever had.',
    from: JANUARY_2024,
  },
  'per-mapping': {
    name: 'a buffer per mapping',
    rule: 'A map of a page or more first tries pages of its own; only then the fixed pool.',
    price:
      'a look-up at every unmap and sync, and in a guest a conversion each time; under memory pressure it may wait for its own I/O.',
    from: RFC_2023,
  },
  'per-mapping-noio': {
    name: 'a buffer per mapping, GFP_NOIO',
    rule: 'The same, but getting the pages may start no I/O.',
    price: 'the same, without that deadlock.',
    from: `${RFC_2023}; GFP_NOIO as its reviewer asked`,
  },
};
