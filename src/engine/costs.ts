/**
 * What things take, in virtual time. Each value names where it comes from; most are assumptions
 * about an ordinary server, and say so. None decides which slot is chosen, only when.
 */
import type { CostLine } from './summary.ts';

/** What a simulation charges for its steps; `costLines` names the source of each. */
export interface Costs {
  /** ns for each slot descriptor the search looks at. */
  readonly slotNs: number;
  /** ns for each slot written when a run is taken or given back. */
  readonly claimNs: number;
  /** ns to take and release a free area lock, and to update the area's counters. */
  readonly lockNs: number;
  /** ns until a CPU that spins has the lock, after it was released. */
  readonly handOverNs: number;
  /** ns to begin a copy, and bytes copied per ns after that. */
  readonly copyStartNs: number;
  readonly copyBytesPerNs: number;
  /** ns of CPU before a request's first map: system call, block or network layer, driver. */
  readonly submitNs: number;
  /** ns of CPU before the first unmap of a finished request: interrupt and driver. */
  readonly completeNs: number;
  /** ns the device waits for more packets before it interrupts. */
  readonly coalesceNs: number;
  /** ns until a busy request is tried again: NVMe. */
  readonly requeueNs: number;
  /** ns until a failed block request is tried again by the upper layer: virtio-blk. */
  readonly retryNs: number;
  /** ns until an empty receive ring is filled again. */
  readonly refillNs: number;
  /** ns from the read of the use to the search, on the way through `swiotlb_tbl_map_single`. */
  readonly decideNs: number;
  /** ns of CPU until a task sleeps and another can run; ns until a woken task runs. */
  readonly sleepNs: number;
  readonly wakeNs: number;
  /** ns between two looks of a polling task at its queue. */
  readonly pollNs: number;
  /** ns until the growth worker runs; ns to get a pool's pages; ns to convert them. */
  readonly workqueueNs: number;
  readonly pageAllocNs: number;
  readonly convertNs: number;
  readonly convertPageNs: number;
  readonly convertLargeNs: number;
  /** ns to migrate a page for compaction, or out of a CMA region. */
  readonly migratePageNs: number;
  /** ns to get one buffer's pages, or to give them back; bytes of them cleared per ns. */
  readonly ownPagesNs: number;
  readonly clearBytesPerNs: number;
  /** ns to lock the tree of own buffers and let it go; ns for each of its levels on the way down. */
  readonly treeLockNs: number;
  readonly treeLevelNs: number;
  /** ns until the memory of a transient pool is free, after its unmap. */
  readonly graceNs: number;
  /** ns to get or give back pages of its own for one `dma_alloc_*`. */
  readonly dmaPagesNs: number;
  /** ns until a driver that got no memory asks again. */
  readonly allocRetryNs: number;
  /** ns of one cycle of a bursty load. */
  readonly burstCycleNs: number;
}

type Line = Omit<CostLine, 'value'> & { readonly value: number };

const LINES: { readonly [key in keyof Costs]: Line } = {
  slotNs: {
    name: 'inspected slot',
    value: 1.2,
    unit: 'ns',
    source: 'assumption: one 24-byte descriptor read a slot, mostly from cache',
  },
  claimNs: {
    name: 'slot taken or freed',
    value: 1,
    unit: 'ns',
    source: 'assumption: one 24-byte descriptor written a slot, in a row',
  },
  lockNs: {
    name: 'free area lock',
    value: 20,
    unit: 'ns',
    source: 'assumption: one atomic exchange and one store on a line in cache',
  },
  handOverNs: {
    name: 'lock hand-over',
    value: 80,
    unit: 'ns',
    source: 'assumption: a cache line moves between two cores of one socket',
  },
  copyStartNs: {
    name: 'copy, start',
    value: 30,
    unit: 'ns',
    source: 'assumption: call and first cache misses of a memcpy',
  },
  copyBytesPerNs: {
    name: 'copy, rate',
    value: 8,
    unit: 'bytes/ns',
    source: 'assumption: memcpy from and to memory on one core, 8 GB/s',
  },
  submitNs: {
    name: 'request, CPU to submit',
    value: 1500,
    unit: 'ns',
    source: 'assumption: system call, block or network layer, driver',
  },
  completeNs: {
    name: 'request, CPU to complete',
    value: 1000,
    unit: 'ns',
    source: 'assumption: interrupt entry and the driver',
  },
  coalesceNs: {
    name: 'receive interrupt delay',
    value: 20_000,
    unit: 'ns',
    source: 'assumption: common interrupt moderation of network devices',
  },
  requeueNs: {
    name: 'NVMe requeue delay',
    value: 3_000_000,
    unit: 'ns',
    source:
      'BLK_MQ_RESOURCE_DELAY, block/blk-mq.c, Linux 6.12: 3 ms, when nothing restarts the queue before',
  },
  retryNs: {
    name: 'virtio-blk retry delay',
    value: 8_000_000,
    unit: 'ns',
    source: 'recording stuck-1cpu, Linux 6.12.117: 8 ms between most tries',
  },
  refillNs: {
    name: 'receive ring refill delay',
    value: 500_000_000,
    unit: 'ns',
    source: 'refill_work(), drivers/net/virtio_net.c, Linux 6.12: HZ/2',
  },
  decideNs: {
    name: 'throttle, from reading used to the search',
    value: 150,
    unit: 'ns',
    source: 'assumption: a shared counter read from another core, and the way to the search',
  },
  sleepNs: {
    name: 'throttle, CPU to put a task to sleep',
    value: 1500,
    unit: 'ns',
    source: 'assumption: one context switch',
  },
  wakeNs: {
    name: 'throttle, hand-over until the task runs',
    value: 5000,
    unit: 'ns',
    source:
      'assumption: wake-up of a sleeping task; the thr-* recordings, traced in a virtual machine, show 224 us at the median',
  },
  pollNs: {
    name: 'polling, between two looks',
    value: 2000,
    unit: 'ns',
    source: 'assumption: a task that polls for completions and does nothing else',
  },
  workqueueNs: {
    name: 'growth worker, until it runs',
    value: 30_000,
    unit: 'ns',
    source: 'assumption: an idle worker thread of the system work queue is woken',
  },
  pageAllocNs: {
    name: 'pages of a new pool',
    value: 20_000,
    unit: 'ns',
    source:
      'assumption: walking the free lists for a block and a slot array, and writing that; clearing the pool itself, 0.1 ms a MiB, is left out',
  },
  convertNs: {
    name: 'page conversion, a call',
    value: 20_000,
    unit: 'ns',
    source:
      'assumption: set_memory_decrypted(), TLB flushes and one hypercall; encrypted guests only',
  },
  convertPageNs: {
    name: 'page conversion, a page',
    value: 1500,
    unit: 'ns',
    source: 'assumption: 4 KiB page changed in guest and host tables; encrypted guests only',
  },
  convertLargeNs: {
    name: 'page conversion, a 2 MiB page',
    value: 2500,
    unit: 'ns',
    source: 'assumption: one large entry changed in guest and host tables; encrypted guests only',
  },
  migratePageNs: {
    name: 'page moved out of the way',
    value: 1800,
    unit: 'ns',
    source: 'assumption: 4 KiB copied, mappings changed, one TLB flush',
  },
  ownPagesNs: {
    name: 'pages of one mapping, taken or given back',
    value: 700,
    unit: 'ns',
    source: 'assumption: one block of the free lists, and a small object that describes the buffer',
  },
  clearBytesPerNs: {
    name: 'pages of one mapping, cleared',
    value: 10,
    unit: 'bytes/ns',
    source: 'assumption: memset of fresh pages on one core, 10 GB/s',
  },
  treeLockNs: {
    name: "lock of the mappings' tree",
    value: 35,
    unit: 'ns',
    source:
      'assumption: spin_lock_irqsave() and back on a line that other CPUs use too; every sync and unmap takes it',
  },
  treeLevelNs: {
    name: "level of the mappings' tree",
    value: 10,
    unit: 'ns',
    source: 'assumption: one maple tree node of 256 bytes read a level, 16 children each',
  },
  graceNs: {
    name: 'RCU grace period',
    value: 10_000_000,
    unit: 'ns',
    source:
      'assumption: a few ticks on a busy machine; memory of transient pools is kept that long',
  },
  dmaPagesNs: {
    name: 'dma_alloc, pages of its own',
    value: 1000,
    unit: 'ns',
    source: 'assumption: one block from or to the free lists in dma_direct_alloc()',
  },
  allocRetryNs: {
    name: 'dma_alloc, until a refused driver asks again',
    value: 10_000_000,
    unit: 'ns',
    source: 'assumption: the program submits its work once more, 10 ms later',
  },
  burstCycleNs: {
    name: 'burst cycle',
    value: 40_000_000,
    unit: 'ns',
    source: 'assumption: a burst every 40 ms',
  },
};

/** The costs a simulation assumes unless told otherwise. */
export const DEFAULT_COSTS: Costs = {
  slotNs: LINES.slotNs.value,
  claimNs: LINES.claimNs.value,
  lockNs: LINES.lockNs.value,
  handOverNs: LINES.handOverNs.value,
  copyStartNs: LINES.copyStartNs.value,
  copyBytesPerNs: LINES.copyBytesPerNs.value,
  submitNs: LINES.submitNs.value,
  completeNs: LINES.completeNs.value,
  coalesceNs: LINES.coalesceNs.value,
  requeueNs: LINES.requeueNs.value,
  retryNs: LINES.retryNs.value,
  refillNs: LINES.refillNs.value,
  decideNs: LINES.decideNs.value,
  sleepNs: LINES.sleepNs.value,
  wakeNs: LINES.wakeNs.value,
  pollNs: LINES.pollNs.value,
  workqueueNs: LINES.workqueueNs.value,
  pageAllocNs: LINES.pageAllocNs.value,
  convertNs: LINES.convertNs.value,
  convertPageNs: LINES.convertPageNs.value,
  convertLargeNs: LINES.convertLargeNs.value,
  migratePageNs: LINES.migratePageNs.value,
  ownPagesNs: LINES.ownPagesNs.value,
  clearBytesPerNs: LINES.clearBytesPerNs.value,
  treeLockNs: LINES.treeLockNs.value,
  treeLevelNs: LINES.treeLevelNs.value,
  graceNs: LINES.graceNs.value,
  dmaPagesNs: LINES.dmaPagesNs.value,
  allocRetryNs: LINES.allocRetryNs.value,
  burstCycleNs: LINES.burstCycleNs.value,
};

/** The costs as lines to show. A value that was changed says so instead of naming the source. */
export function costLines(costs: Costs): readonly CostLine[] {
  const keys = Object.keys(LINES) as (keyof Costs)[];
  return keys.map((key) => {
    const line = LINES[key];
    const value = costs[key];
    return value === line.value ? line : { ...line, value, source: 'changed by hand' };
  });
}
