/**
 * How a disk's finished requests come back to the CPU: by an interrupt at once, or by the next look
 * of a task that polls. A task that sleeps in the throttle polls nothing, and what its queue holds
 * stays there, slots and all.
 *
 * Follows nvme_poll() in drivers/nvme/host/pci.c, Linux 6.12. Requests are read with `as number`.
 */
import type { Driver } from './driver.ts';
import { DEVICE, DEVICE_FIELDS } from './frame.ts';
import { NO_REQUEST, RequestQueues, STAGE } from './requests.ts';
import { EVENT, type World } from './world.ts';
import type { Keeper } from '../model/keeper.ts';

export class Reaping {
  readonly #world: World;
  readonly #interrupt: (cpu: number, request: number) => void;
  /** Finished requests that nobody polls for, a queue per device and CPU. */
  readonly #unreaped: RequestQueues;

  /** @param interrupt has a CPU unmap a finished request. */
  constructor(world: World, devices: number, interrupt: (cpu: number, request: number) => void) {
    this.#world = world;
    this.#interrupt = interrupt;
    this.#unreaped = new RequestQueues(world.requests, devices * world.cpus);
  }

  /** The device has finished a request. */
  finished(request: number, { spec, tasks }: Driver): void {
    const cpu = this.#world.requests.doneCpu[request] as number;
    if (spec.polling !== true) this.#complete(request);
    else if (tasks.isPolled(cpu)) this.#soon(request);
    else this.#leave(request);
  }

  /** A polling task looks, unless it fell asleep since its last look. */
  look(request: number, { tasks }: Driver): void {
    if (tasks.isPolled(this.#world.requests.doneCpu[request] as number)) this.#complete(request);
    else this.#leave(request);
  }

  /** A task whose queue is that of `cpu` runs again and finds what was finished meanwhile. */
  resume(device: number, cpu: number): void {
    const { ledger, cpus } = this.#world;
    const queue = device * cpus + cpu;
    for (;;) {
      const request = this.#unreaped.shift(queue);
      if (request === NO_REQUEST) return;
      ledger.count(device, DEVICE.unreaped, -1);
      this.#soon(request);
    }
  }

  keep(k: Keeper): void {
    this.#unreaped.keep(k);
  }

  #complete(request: number): void {
    const { requests } = this.#world;
    requests.stage[request] = STAGE.unmapping;
    this.#interrupt(requests.doneCpu[request] as number, request);
  }

  #soon(request: number): void {
    const { alarms, costs, nowNs } = this.#world;
    alarms.set(nowNs + costs.pollNs, EVENT.reap, request);
  }

  #leave(request: number): void {
    const { requests, ledger, throttle, cpus } = this.#world;
    const device = requests.device[request] as number;
    requests.stage[request] = STAGE.unreaped;
    this.#unreaped.push(device * cpus + (requests.doneCpu[request] as number), request);
    ledger.count(device, DEVICE.unreaped, 1);
    throttle.unreaped(ledger.deviceRows[device * DEVICE_FIELDS + DEVICE.unreaped] as number);
  }
}
