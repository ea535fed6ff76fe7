/**
 * Growing in time: the worker and the coherent pools' refill are items on the kernel's work queue,
 * run in process context on a CPU and may sleep in the page allocator; a request that gave up
 * waiting makes a pool in its own task.
 *
 * Follows swiotlb_dyn_alloc() in kernel/dma/swiotlb.c, atomic_pool_work_fn() in kernel/dma/pool.c,
 * Linux 6.12, and schedule_work(): an item that is queued is not queued twice, one that runs can be.
 */
import { busName } from './device-kinds.ts';
import { growthCost } from './growth-cost.ts';
import type { GrowthFor, GrowthTry } from './growth-log.ts';
import { NO_REQUEST, STAGE } from './requests.ts';
import { GATE } from './throttle-gate.ts';
import { EVENT, type World } from './world.ts';
import { poolExhausted } from '../model/coherent-words.ts';
import type { Keeper } from '../model/keeper.ts';
import { keepPool, type Pool } from '../model/pool.ts';

const FAILED_TEXT = 'software IO TLB: Failed to allocate new pool';
const FAILED_SITE = 'swiotlb_dyn_alloc';
const CONVERT_SITE = '__set_memory_enc_pgtable';
const SLOTS_PER_PAGE = 2;

/** One kind of work: whether it waits in the queue or runs, and the row that stands for it. */
interface Item {
  job: number;
  isQueued: boolean;
  isRunning: boolean;
}

/** A pool whose memory is there, and what getting it took. */
interface Made {
  readonly pool: Pool | null;
  readonly costNs: number;
}

export class GrowthWork {
  readonly #world: World;
  readonly #submit: (cpu: number, job: number) => void;
  readonly #worker: Item = { job: NO_REQUEST, isQueued: false, isRunning: false };
  readonly #refill: Item = { job: NO_REQUEST, isQueued: false, isRunning: false };
  /** What the worker has got and not yet added. */
  #made: Pool | null = null;
  /** Requests without room in a coherent pool that were warned of. */
  #exhausted = 0;
  /** The same of requests that make a pool of their own. */
  readonly #own = new Map<number, Pool | null>();

  /** @param submit puts a job into a CPU's queue. */
  constructor(world: World, submit: (cpu: number, job: number) => void) {
    this.#world = world;
    this.#submit = submit;
  }

  /**
   * A map on `cpu` found no room: it has queued the worker and tried a transient pool.
   *
   * @param device by index in the scenario.
   * @param slots of the transient pool it got, or 0.
   * @returns ns that the try took.
   */
  kick(cpu: number, device: number, slots: number): number {
    const { pages, books } = this.#world;
    this.#queue(this.#worker, cpu);
    if (pages === null || !pages.wasAsked) return 0;
    this.#warnExhausted(device, pages.guest.exhausted);
    const costNs = this.#note('transient', slots);
    if (slots > 0) {
      books.transients++;
      books.noteHeld();
    }
    if (pages.guest.needsWork) this.#queue(this.#refill, cpu);
    return costNs;
  }

  /** A coherent pool was drawn on by a map on `cpu`: it is filled up soon, if it is low. */
  drawn(cpu: number): void {
    if (this.#world.pages?.guest.needsWork === true) this.#queue(this.#refill, cpu);
  }

  /** The work queue's alarm. */
  start(job: number): void {
    this.#submit(this.#world.requests.cpu[job] as number, job);
  }

  /** A step of an item on its CPU. @returns ns until the next one, or -1 when it is done. */
  step(job: number): number {
    return job === this.#refill.job ? this.#refillOn() : this.#growOn();
  }

  /** A request makes a pool of its own and may sleep for it. @returns ns that takes. */
  makeOwnPool(request: number): number {
    const { dma, requests, swiotlb } = this.#world;
    // A restricted region never grows: who gave up waiting there goes on without.
    if (dma[requests.device[request] as number]?.mem !== swiotlb.mem) return 0;
    const { pool, costNs } = this.#make('request');
    this.#own.set(request, pool);
    return costNs;
  }

  /** That pool is there. */
  addOwnPool(request: number): void {
    const pool = this.#own.get(request);
    if (pool === undefined) return;
    this.#add(pool);
    this.#own.delete(request);
  }

  keep(k: Keeper): void {
    k.fields(this.#worker);
    k.fields(this.#refill);
    this.#exhausted = k.value(this.#exhausted);
    this.#made = k.value(this.#made);
    if (this.#made !== null) keepPool(k, this.#made);
    k.map(this.#own);
    for (const pool of this.#own.values()) if (pool !== null) keepPool(k, pool);
  }

  #growOn(): number {
    const { swiotlb, requests } = this.#world;
    const item = this.#worker;
    if (!item.isRunning) {
      item.isQueued = false;
      item.isRunning = true;
      swiotlb.startWorker();
      const { pool, costNs } = this.#make('worker');
      this.#made = pool;
      return costNs;
    }
    item.isRunning = false;
    this.#add(this.#made);
    this.#made = null;
    if (swiotlb.workerPending) this.#queue(item, requests.cpu[item.job] as number);
    return -1;
  }

  #refillOn(): number {
    const { pages, requests } = this.#world;
    const item = this.#refill;
    if (item.isRunning || pages === null) {
      item.isRunning = false;
      if (pages?.guest.needsWork === true) this.#queue(item, requests.cpu[item.job] as number);
      return -1;
    }
    item.isQueued = false;
    item.isRunning = true;
    pages.begin();
    const got = pages.refill() * SLOTS_PER_PAGE;
    this.#world.books.noteHeld();
    // Another request may have given back what was missing: then there was nothing to do.
    return pages.wasAsked ? this.#note('refill', got) : 0;
  }

  #make(by: GrowthFor): Made {
    const { swiotlb, pages } = this.#world;
    pages?.begin();
    const pool = swiotlb.makePool();
    return { pool, costNs: this.#note(by, pool?.nslabs ?? 0) };
  }

  /** Writes down what was asked for since the attempt began. @returns what it took, ns. */
  #note(by: GrowthFor, slots: number): number {
    const { pages, growth, ledger, nowNs, event } = this.#world;
    if (pages === null) return 0;
    const costNs = this.#costOf();
    this.#warnRefused(pages.taken().tries);
    const attempt = { timeNs: nowNs, event, by, slots, costNs, ...pages.taken() };
    growth.add(attempt);
    ledger.attempted(attempt, nowNs);
    ledger.converted(attempt.converted[0], nowNs);
    return costNs;
  }

  /** `dma_alloc_from_pool()` warns each time, without a limit. */
  #warnExhausted(device: number, exhausted: number): void {
    const { log, nowNs, event } = this.#world;
    for (; this.#exhausted < exhausted; this.#exhausted++) {
      const text = poolExhausted(busName(device));
      log.print({ timeNs: nowNs, event, text, level: 'warn' });
    }
  }

  /**
   * `__set_memory_enc_pgtable()` warns once. The kernel prints its pointer hashed, and no host's
   * error number is modelled: -EIO is what a refusal without one gives.
   */
  #warnRefused(tries: readonly GrowthTry[]): void {
    const refused = tries.find(({ unshared }) => unshared === true);
    if (refused === undefined) return;
    const { log, nowNs, event } = this.#world;
    const text = `CPA VMM failure to convert memory (addr=(____ptrval____), numpages=${2 ** refused.order}) to shared: -5`;
    log.printOnce(CONVERT_SITE, { timeNs: nowNs, event, text, level: 'warn' });
  }

  #costOf(): number {
    const { pages, costs, books } = this.#world;
    if (pages === null) return 0;
    const { spent } = books;
    const cost = growthCost(costs, pages.taken());
    books.migrated += cost.migrated;
    spent.pagesNs += cost.pagesNs;
    spent.migrateNs += cost.migrateNs;
    spent.convertNs += cost.convertNs;
    return cost.totalNs;
  }

  #add(pool: Pool | null): void {
    const { swiotlb, ledger, log, books, nowNs, event } = this.#world;
    if (pool !== null) {
      ledger.history.advance(nowNs);
      swiotlb.addGrown(pool);
      ledger.record(pool, nowNs);
      books.grew(pool.nslabs);
      ledger.sampled();
    } else if (log.admits(FAILED_SITE, nowNs, event)) {
      log.print({ timeNs: nowNs, event, text: FAILED_TEXT, level: 'warn' });
    }
  }

  #queue(item: Item, cpu: number): void {
    const { requests, alarms, costs, nowNs } = this.#world;
    if (item.isQueued || item.isRunning) return;
    if (item.job === NO_REQUEST) item.job = this.#takeJob();
    item.isQueued = true;
    requests.cpu[item.job] = cpu;
    alarms.set(nowNs + costs.workqueueNs, EVENT.worker, item.job);
  }

  #takeJob(): number {
    const { requests } = this.#world;
    const job = requests.take();
    requests.stage[job] = STAGE.growing;
    requests.gate[job] = GATE.outside;
    return job;
  }
}
