/**
 * The steps of a CPU that have to do with buffers of their own: the try before the search of the
 * fixed pool, the sleep in the page allocator, and the unmap.
 *
 * Requests and CPUs are read with `as number`: they come from `Requests`, and lie below `cpus`.
 */
import type { RequestHooks, StepHooks } from './buffer-steps.ts';
import type { MapWish } from './locked-work.ts';
import { ASLEEP, NO_PAGES, type OwnBuffers } from './own-buffers.ts';
import { MAX_SEGMENTS, STAGE } from './requests.ts';
import { copyNs, EVENT, type World } from './world.ts';
import type { Keeper } from '../model/keeper.ts';
import { wantsOwnPages } from '../model/own-pages.ts';

/** What it needs of whoever deals out the work, and of the devices. */
type OwnCpus = Pick<StepHooks, 'jobDone'>;
type OwnHooks = Pick<RequestHooks, 'outOfMemory' | 'maySleep' | 'growth'>;

/** Who makes those steps; null on a machine that has no such buffers. */
export function ownStepsOf(world: World, cpus: OwnCpus, hooks: RequestHooks): OwnSteps | null {
  const { own } = hooks;
  return own && new OwnSteps(world, own, cpus, hooks);
}

/** Makes those steps for all CPUs. */
export class OwnSteps {
  readonly #world: World;
  readonly #buffers: OwnBuffers;
  readonly #cpus: OwnCpus;
  readonly #hooks: OwnHooks;
  /** ns of the try that a CPU has just made in vain, plus 1; 0 = none. */
  readonly #tried: Float64Array;

  constructor(world: World, buffers: OwnBuffers, cpus: OwnCpus, hooks: OwnHooks) {
    this.#world = world;
    this.#buffers = buffers;
    this.#cpus = cpus;
    this.#hooks = hooks;
    this.#tried = new Float64Array(world.cpus);
  }

  /**
   * Tries to get pages for what `job` wishes to map next.
   *
   * @returns whether the CPU has something to do; false when the map goes the way it always went.
   */
  maps(cpu: number, job: number, wish: MapWish): boolean {
    const { swiotlb, dma, alarms, books, requests, nowNs, costs } = this.#world;
    const tried = this.#tried[cpu] as number;
    this.#tried[cpu] = 0;
    wish.beforeNs = Math.max(0, tried - 1);
    if (tried > 0) return false;
    const { device, address, bytes } = wish;
    const asking = dma[device];
    if (asking === undefined || !swiotlb.needsBounce(asking, address, bytes)) return false;
    if (!wantsOwnPages(asking, bytes)) return false;
    const buffers = this.#buffers;
    const forNs = buffers.map(wish, this.#hooks.maySleep(device));
    if (forNs === ASLEEP) {
      requests.stage[job] = STAGE.noMemory;
      buffers.sleep(job);
      this.#hooks.outOfMemory(job);
      this.#cpus.jobDone(cpu, nowNs + costs.sleepNs);
    } else if (forNs === NO_PAGES) {
      this.#tried[cpu] = buffers.triedNs + 1;
      alarms.set(nowNs + buffers.triedNs, EVENT.cpu, cpu);
    } else {
      const position = requests.position[job] as number;
      requests.segmentRow[job * MAX_SEGMENTS + position] = buffers.newestRow;
      requests.position[job] = position + 1;
      const endNs = forNs + copyNs(this.#world, bytes);
      books.mapTimes.add(endNs);
      alarms.set(nowNs + endNs, EVENT.cpu, cpu);
    }
    this.#hooks.growth.drawn(cpu);
    return true;
  }

  keep(k: Keeper): void {
    k.array(this.#tried);
  }

  /** Unmaps the buffer in `row`, which is copied back already. @returns when that is done. */
  unmap(row: number): number {
    return this.#world.nowNs + this.#buffers.unmap(row);
  }

  /** Whether a direct receive buffer has still to be looked up in vain before its unmap. */
  looksFirst(cpu: number, job: number): boolean {
    const { requests, alarms } = this.#world;
    const isDue = requests.paid[job] === 0;
    requests.paid[job] = isDue ? 1 : 0;
    if (isDue) alarms.set(this.unmapDirect(), EVENT.cpu, cpu);
    return isDue;
  }

  /** The unmap of a direct mapping. @returns when it is known that it has no buffer. */
  unmapDirect(): number {
    return this.#world.nowNs + this.#buffers.lookInVain();
  }
}
