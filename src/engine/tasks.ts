/**
 * The tasks that submit to one device: which of them sleep in the throttle, what waits behind a
 * sleeper, and what a batch has mapped and not yet told the device of.
 *
 * A task is bound to the CPU it ran on last. One that sleeps submits nothing: requests already dealt
 * to it stand in its stash, and it takes no share of the device's depth. Typed arrays are read with
 * `as number`: tasks lie below `count`.
 */
import { RequestQueues, type Requests } from './requests.ts';
import type { Keeper } from '../model/keeper.ts';

/** The tasks of one device, numbered from 0; behind them a kworker of each hardware queue. */
export class Tasks {
  readonly count: number;
  /** Tasks that do not sleep, and the requests in flight of those; kworkers left aside. */
  awake: number;
  awakeInFlight = 0;
  /** CPU each ran on last. */
  readonly cpu: Int32Array;
  readonly #cpus: number;
  readonly #asleep: Uint8Array;
  readonly #inFlight: Int32Array;
  /** Tasks awake, by the CPU whose queue is theirs. */
  readonly #awakeAt: Int32Array;
  readonly #stash: RequestQueues;

  /** @param cpus of the machine; a hardware queue each. */
  constructor(requests: Requests, count: number, cpus: number) {
    const all = count + cpus;
    this.count = count;
    this.awake = count;
    this.#cpus = cpus;
    this.cpu = Int32Array.from({ length: all }, (_, task) => this.home(task));
    this.#asleep = new Uint8Array(all);
    this.#inFlight = new Int32Array(count);
    this.#awakeAt = new Int32Array(cpus);
    for (let task = 0; task < count; task++) this.#countAwake(task, 1);
    this.#stash = new RequestQueues(requests, all);
  }

  /** Tasks and kworkers. */
  get all(): number {
    return this.count + this.#cpus;
  }

  /** The CPU whose hardware queue a task submits to and polls. */
  home(task: number): number {
    return task < this.count ? task % this.#cpus : task - this.count;
  }

  /** The kernel's worker that tries a task's failed requests again, one after the other. */
  kworkerOf(task: number): number {
    return this.count + this.home(task);
  }

  isKworker(task: number): boolean {
    return task >= this.count;
  }

  isAsleep(task: number): boolean {
    return this.#asleep[task] === 1;
  }

  /** Whether somebody awake polls the queue of `cpu`. */
  isPolled(cpu: number): boolean {
    return (this.#awakeAt[cpu] as number) > 0;
  }

  /** The first task from `task` on, in turn, that does not sleep. One must be awake. */
  awakeFrom(task: number): number {
    let at = task;
    while (this.#asleep[at] === 1) at = (at + 1) % this.count;
    return at;
  }

  /** The first task from `task` on that neither sleeps nor has a request under way, or -1. */
  idleFrom(task: number): number {
    for (let turn = 0; turn < this.count; turn++) {
      const at = (task + turn) % this.count;
      if (this.#asleep[at] === 0 && this.#inFlight[at] === 0) return at;
    }
    return -1;
  }

  /** Whether none of a task's requests is under way. Kworkers have none of their own. */
  isIdle(task: number): boolean {
    return this.#inFlight[task] === 0;
  }

  /** A request of `task` begins (1) or ends (-1). */
  countInFlight(task: number, by: 1 | -1): void {
    this.#inFlight[task] = (this.#inFlight[task] as number) + by;
    if (this.#asleep[task] === 0) this.awakeInFlight += by;
  }

  sleep(task: number): void {
    this.#asleep[task] = 1;
    if (this.isKworker(task)) return;
    this.awake--;
    this.awakeInFlight -= this.#inFlight[task] as number;
    this.#countAwake(task, -1);
  }

  /** `task` runs again, on `cpu`. */
  wake(task: number, cpu: number): void {
    this.#asleep[task] = 0;
    this.cpu[task] = cpu;
    if (this.isKworker(task)) return;
    this.awake++;
    this.awakeInFlight += this.#inFlight[task] as number;
    this.#countAwake(task, 1);
  }

  /** Keeps a request until its task runs again. */
  stash(task: number, request: number): void {
    this.#stash.push(task, request);
  }

  /** The next request that was kept for `task`, or `NO_REQUEST`. */
  unstash(task: number): number {
    return this.#stash.shift(task);
  }

  keep(k: Keeper): void {
    this.awake = k.value(this.awake);
    this.awakeInFlight = k.value(this.awakeInFlight);
    k.array(this.cpu);
    k.array(this.#asleep);
    k.array(this.#inFlight);
    k.array(this.#awakeAt);
    this.#stash.keep(k);
  }

  #countAwake(task: number, by: number): void {
    const cpu = this.home(task);
    this.#awakeAt[cpu] = (this.#awakeAt[cpu] as number) + by;
  }
}
