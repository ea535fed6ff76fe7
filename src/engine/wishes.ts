/**
 * What the layer above a driver wants and has not got yet: wishes in order, and what is left of those
 * that were begun. A wish is one system call of one task, for one buffer or a batch of them; a buffer
 * too large for one request is cut.
 *
 * Typed arrays are read with `as number`: tasks lie below `Tasks.count`.
 */
import { WeightedChoice, type Chance } from './chance.ts';
import type { DeviceSpec } from './scenario.ts';
import type { Tasks } from './tasks.ts';
import type { Keeper } from '../model/keeper.ts';

/** Wishes a busy device keeps waiting; who wants more is blocked and not heard. */
const BACKLOG_LIMIT = 4096;
const NO_TASK = -1;

/** The part of a wish that is next to be made a request of; one object, filled again. */
export interface NextWish {
  task: number;
  /** 1 when the device is to write the data. */
  reads: number;
  /** Bytes left of the buffer. */
  bytes: number;
}

/** The wishes of one device. */
export class Wishes {
  readShare: number;
  readonly #chance: Chance;
  readonly #tasks: Tasks;
  readonly #isDisk: boolean;
  readonly #isClosed: boolean;
  readonly #batch: number;
  readonly #bytes: readonly number[];
  readonly #sizes: WeightedChoice;
  /** Per task: bytes left of its buffer, the buffers behind it (the next one last), the direction. */
  readonly #leftBytes: Float64Array;
  readonly #behind: readonly number[][];
  readonly #reads: Uint8Array;
  /** The task whose wish is being cut, and those that slept meanwhile and run again. */
  #open = NO_TASK;
  readonly #resumed: number[] = [];
  #backlog = 0;
  readonly #next: NextWish = { task: 0, reads: 0, bytes: 0 };

  constructor(chance: Chance, spec: DeviceSpec, tasks: Tasks, isDisk: boolean) {
    this.#chance = chance;
    this.#tasks = tasks;
    this.#isDisk = isDisk;
    this.readShare = spec.readShare;
    this.#isClosed = spec.closed === true;
    this.#batch = spec.batch ?? 1;
    this.#bytes = spec.sizes.map(({ bytes }) => bytes);
    this.#sizes = new WeightedChoice(spec.sizes.map(({ weight }) => weight));
    this.#leftBytes = new Float64Array(tasks.count);
    this.#behind = Array.from({ length: tasks.count }, () => []);
    this.#reads = new Uint8Array(tasks.count);
  }

  /** One more wish. */
  add(): void {
    if (this.#backlog < BACKLOG_LIMIT) this.#backlog++;
  }

  /** Whether something can be made a request of now. */
  canGoOn(): boolean {
    if (this.#open !== NO_TASK && !this.#tasks.isAsleep(this.#open)) return true;
    // Who slept again comes back when it is woken again.
    while (this.#resumed.length > 0 && this.#tasks.isAsleep(this.#resumed[0] as number)) {
      this.#resumed.shift();
    }
    return this.#resumed.length > 0 || (this.#backlog > 0 && this.#tasks.awake > 0);
  }

  /** What comes next. Call it only when `canGoOn`; then `take` some of it. */
  next(): NextWish {
    const next = this.#next;
    // Who fell asleep over a wish goes on with it when it runs again.
    if (this.#open !== NO_TASK && this.#tasks.isAsleep(this.#open)) this.#open = NO_TASK;
    if (this.#open === NO_TASK) this.#open = this.#resumed.shift() ?? this.#begin();
    next.task = this.#open;
    next.reads = this.#reads[this.#open] as number;
    next.bytes = this.#leftBytes[this.#open] as number;
    return next;
  }

  /** `bytes` of what came next are a request now. @returns whether that ended the wish. */
  take(bytes: number): boolean {
    const task = this.#open;
    const left = (this.#leftBytes[task] as number) - bytes;
    this.#leftBytes[task] = left;
    if (left > 0) return false;
    const nextBytes = this.#behind[task]?.pop();
    if (nextBytes !== undefined) {
      this.#leftBytes[task] = nextBytes;
      return false;
    }
    this.#open = NO_TASK;
    return true;
  }

  /** A task that slept runs again. */
  resume(task: number): void {
    if (this.#tasks.isKworker(task) || task === this.#open) return;
    const isListed = this.#resumed.includes(task);
    if ((this.#leftBytes[task] as number) > 0 && !isListed) this.#resumed.push(task);
  }

  /** Whether some of a task's wish is still to be made a request of. */
  isMid(task: number): boolean {
    return (this.#leftBytes[task] as number) > 0;
  }

  /** Bytes of one buffer or packet, drawn from `chance`. */
  drawBytes(chance: Chance): number {
    return this.#bytes[this.#sizes.draw(chance)] ?? 0;
  }

  keep(k: Keeper): void {
    this.readShare = k.value(this.readShare);
    this.#chance.keep(k);
    k.array(this.#leftBytes);
    for (const sizes of this.#behind) k.list(sizes);
    k.array(this.#reads);
    this.#open = k.value(this.#open);
    k.list(this.#resumed);
    this.#backlog = k.value(this.#backlog);
    k.fields(this.#next);
  }

  #begin(): number {
    const chance = this.#chance;
    this.#backlog--;
    const bytes = this.drawBytes(chance);
    const reads = this.#isDisk && chance.hits(this.readShare) ? 1 : 0;
    const task = this.#whoseTurn(chance.below(this.#tasks.count));
    this.#leftBytes[task] = bytes;
    // A wish is drawn whole, so that the next one is the same whatever becomes of this.
    for (let left = this.#batch - 1; left > 0; left--) {
      this.#behind[task]?.push(this.drawBytes(chance));
    }
    this.#reads[task] = reads;
    return task;
  }

  /** The task that wishes: the one drawn, unless it sleeps or, in a closed loop, waits itself. */
  #whoseTurn(drawn: number): number {
    const idle = this.#isClosed ? this.#tasks.idleFrom(drawn) : -1;
    return idle < 0 ? this.#tasks.awakeFrom(drawn) : idle;
  }
}
