/**
 * What comes in over the network: packets fill the buffers of a ring, an interrupt has its poll job
 * take them, and a timer fills a ring that ran empty.
 *
 * Follows virtnet_poll() and refill_work() in drivers/net/virtio_net.c, Linux 6.12. Requests are read
 * with `as number`: they come from `Requests`.
 */
import type { Driver } from './driver.ts';
import { DEVICE } from './frame.ts';
import type { ReceiveRings } from './receive-rings.ts';
import { STAGE } from './requests.ts';
import { GATE } from './throttle-gate.ts';
import { EVENT, type World } from './world.ts';

export class ReceiveWork {
  readonly #world: World;
  readonly #drivers: readonly Driver[];
  readonly #interrupt: (cpu: number, job: number) => void;
  /** Poll jobs of each device, a row per CPU; empty for a disk. */
  readonly #jobs: readonly Int32Array[];

  /** @param interrupt has a CPU run a poll job. */
  constructor(
    world: World,
    drivers: readonly Driver[],
    interrupt: (cpu: number, job: number) => void,
  ) {
    this.#world = world;
    this.#drivers = drivers;
    this.#interrupt = interrupt;
    this.#jobs = drivers.map(({ rings }, device) =>
      rings === null ? new Int32Array(0) : this.#makeJobs(device),
    );
  }

  /** The receive rings of a network device. @throws RangeError for any other. */
  ringsOf(device: number): ReceiveRings {
    const rings = this.#drivers[device]?.rings ?? null;
    if (rings === null) throw new RangeError(`device ${device} has no receive ring`);
    return rings;
  }

  /** A packet comes in. */
  receive(device: number, driver: Driver, rings: ReceiveRings): void {
    const { cpus, ledger, nowNs } = this.#world;
    const ring = driver.arrivals.below(cpus);
    if (!rings.fill(ring, driver.drawPacket(), nowNs)) {
      ledger.count(device, DEVICE.dropped, 1);
      return;
    }
    const job = this.#jobs[device]?.[ring];
    if (job !== undefined) this.#interruptSoon(job, ring, rings);
  }

  /** A receive ring's interrupt, or its refill timer. */
  poll(job: number): void {
    const { requests, nowNs } = this.#world;
    const ring = requests.cpu[job] as number;
    const rings = this.ringsOf(requests.device[job] as number);
    if (rings.interruptNs[ring] === nowNs) rings.interruptNs[ring] = Infinity;
    if (rings.refillNs[ring] === nowNs) rings.refillNs[ring] = Infinity;
    this.#start(job, ring, rings);
  }

  /** Has every ring of a device looked after: some may be too empty. */
  pollAll(device: number): void {
    this.#jobs[device]?.forEach((job, ring) => this.#start(job, ring, this.ringsOf(device)));
  }

  /** Address for the next receive buffer of a ring. */
  addressFor(device: number, ring: number): number {
    const { memory, chance } = this.#world;
    const high = this.#drivers[device]?.spec.highMemoryShare ?? 0;
    return this.ringsOf(device).nextAddress(ring, memory, chance, high);
  }

  /** The oldest filled buffer of a ring was unmapped: a packet may be complete. */
  received(device: number, ring: number): void {
    const { ledger, nowNs } = this.#world;
    const rings = this.ringsOf(device);
    const bytes = rings.oldestPacketBytes(ring);
    if (bytes > 0) ledger.requestDone(device, bytes, nowNs - rings.oldestPacketNs(ring), nowNs);
    rings.dropOldest(ring);
    ledger.set(device, DEVICE.depth, rings.posted);
  }

  /** A poll job has nothing left to do. */
  done(job: number): void {
    const { requests, alarms, costs, ledger, nowNs } = this.#world;
    const device = requests.device[job] as number;
    const ring = requests.cpu[job] as number;
    const rings = this.ringsOf(device);
    ledger.set(device, DEVICE.depth, rings.posted);
    rings.polling[ring] = 0;
    if (rings.hasFilled(ring)) {
      this.#interruptSoon(job, ring, rings);
    } else if (rings.isEmpty(ring) && rings.refillNs[ring] === Infinity) {
      rings.refillNs[ring] = nowNs + costs.refillNs;
      alarms.set(nowNs + costs.refillNs, EVENT.poll, job);
    }
  }

  #interruptSoon(job: number, ring: number, rings: ReceiveRings): void {
    const { alarms, costs, nowNs } = this.#world;
    if (rings.polling[ring] === 1 || rings.interruptNs[ring] !== Infinity) return;
    rings.interruptNs[ring] = nowNs + costs.coalesceNs;
    alarms.set(nowNs + costs.coalesceNs, EVENT.poll, job);
  }

  #start(job: number, ring: number, rings: ReceiveRings): void {
    if (rings.polling[ring] === 1) return;
    rings.polling[ring] = 1;
    this.#world.requests.paid[job] = 0;
    this.#interrupt(ring, job);
  }

  #makeJobs(device: number): Int32Array {
    const { requests, cpus } = this.#world;
    return Int32Array.from({ length: cpus }, (_, cpu) => {
      const job = requests.take();
      requests.device[job] = device;
      requests.cpu[job] = cpu;
      requests.stage[job] = STAGE.polling;
      requests.gate[job] = GATE.outside;
      return job;
    });
  }
}
