/**
 * Requests that are mapped and that the device has not been told of: a driver that submits in
 * batches rings its doorbell once, behind the last of them.
 *
 * Follows nvme_queue_rqs() and nvme_queue_rq() in drivers/nvme/host/pci.c, Linux 6.12, as the
 * recordings thr-deadlock-4cpu and thr-doorbell-1cpu show them. With several queues there is no I/O
 * scheduler: a batch is mapped whole before any of it is written to the queue, and only the task
 * that mapped it can go on. With one queue there is a scheduler, which hands over request by
 * request: each is written to the queue at once, and whoever rings next rings for all.
 */
import { RequestQueues, type Requests } from './requests.ts';
import type { Keeper } from '../model/keeper.ts';

export class Doorbell {
  readonly #unrung: RequestQueues;
  /** The shared queue is the last one; the others are the tasks' own. */
  readonly #shared: number;
  readonly #isShared: boolean;
  #count = 0;

  /**
   * @param tasks those who submit, kworkers included.
   * @param queues hardware queues of the device: one a CPU.
   */
  constructor(requests: Requests, tasks: number, queues: number) {
    this.#unrung = new RequestQueues(requests, tasks + 1);
    this.#shared = tasks;
    this.#isShared = queues === 1;
  }

  /** Requests mapped and not yet rung for. */
  get count(): number {
    return this.#count;
  }

  /** A request is mapped. */
  add(task: number, request: number): void {
    this.#unrung.push(this.#queueOf(task), request);
    this.#count++;
  }

  /** The doorbell is rung by `task`. @returns the next request the device learns of, or -1. */
  next(task: number): number {
    const request = this.#unrung.shift(this.#queueOf(task));
    if (request >= 0) this.#count--;
    return request;
  }

  keep(k: Keeper): void {
    this.#unrung.keep(k);
    this.#count = k.value(this.#count);
  }

  #queueOf(task: number): number {
    return this.#isShared ? this.#shared : task;
  }
}
