/**
 * The growth worker: an item on the kernel's work queue that runs in process context on a CPU, may
 * sleep in the page allocator, and puts one more pool at the head of the list.
 *
 * Follows swiotlb_dyn_alloc() in kernel/dma/swiotlb.c, Linux 6.12, and schedule_work(): an item that
 * is queued is not queued twice, one that runs can be.
 */
import { NO_REQUEST, STAGE } from './requests.ts';
import { KWORKER } from './tasks.ts';
import { GATE } from './throttle-gate.ts';
import { EVENT, type World } from './world.ts';
import type { Pool } from '../model/pool.ts';

const FAILED_TEXT = 'software IO TLB: Failed to allocate new pool';
const FAILED_SITE = 'swiotlb_dyn_alloc';
const PAGE_BYTES = 4096;
const SLOT_BYTES = 2048;

/** ns that the memory of a new pool of `nslabs` slots takes to get. */
function growNs({ costs, encrypted }: World, nslabs: number): number {
  const pages = (nslabs * SLOT_BYTES) / PAGE_BYTES;
  const conversion = encrypted ? costs.convertNs + pages * costs.convertPageNs : 0;
  return Math.round(costs.pageAllocNs + conversion);
}

export class GrowthWork {
  readonly #world: World;
  readonly #submit: (cpu: number, job: number) => void;
  /** The row that stands for the worker in a CPU's queue; taken when it is first wanted. */
  #job = NO_REQUEST;
  #isQueued = false;
  #isRunning = false;

  /** @param submit puts a job into a CPU's queue. */
  constructor(world: World, submit: (cpu: number, job: number) => void) {
    this.#world = world;
    this.#submit = submit;
  }

  /** A map on `cpu` found no room and has queued the worker. */
  kick(cpu: number): void {
    const { requests, alarms, costs, nowNs } = this.#world;
    if (this.#isQueued || this.#isRunning) return;
    if (this.#job === NO_REQUEST) this.#takeJob();
    this.#isQueued = true;
    requests.cpu[this.#job] = cpu;
    alarms.set(nowNs + costs.workqueueNs, EVENT.worker, this.#job);
  }

  /** ns that a task which makes a pool of its own, and may sleep for it, has to wait. */
  ownPoolNs(): number {
    return growNs(this.#world, this.#world.swiotlb.config.defaultNslabs);
  }

  /** That pool is there. */
  addOwnPool(): void {
    addPool(this.#world);
  }

  #takeJob(): void {
    const { requests } = this.#world;
    this.#job = requests.take();
    requests.stage[this.#job] = STAGE.growing;
    requests.task[this.#job] = KWORKER;
    requests.gate[this.#job] = GATE.outside;
  }

  /** The work queue's alarm. */
  start(): void {
    this.#submit(this.#world.requests.cpu[this.#job] as number, this.#job);
  }

  /** A step on its CPU. @returns ns until the next one, or -1 when it is done. */
  step(): number {
    const { swiotlb } = this.#world;
    if (!this.#isRunning) {
      this.#isQueued = false;
      this.#isRunning = true;
      swiotlb.startWorker();
      return growNs(this.#world, Math.min(swiotlb.config.defaultNslabs, 2048));
    }
    this.#isRunning = false;
    addPool(this.#world);
    if (swiotlb.workerPending) this.kick(this.#world.requests.cpu[this.#job] as number);
    return -1;
  }
}

/** `swiotlb_dyn_alloc`: one more pool at the head of the list, or the kernel's line. */
function addPool(world: World): Pool | null {
  const { swiotlb, ledger, log, nowNs, event } = world;
  const pool = swiotlb.grow();
  if (pool !== null) {
    ledger.history.advance(nowNs);
    ledger.record(pool, nowNs);
  } else if (log.admits(FAILED_SITE, nowNs, event)) {
    log.print({ timeNs: nowNs, event, text: FAILED_TEXT, level: 'warn' });
  }
  return pool;
}
