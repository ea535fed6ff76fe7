/**
 * The devices: what becomes of a request before, between and after the steps that CPUs make for it.
 * What differs by kind is little: the order of unmaps, what a failed map means, and the receive
 * rings of a network device.
 */
import type { RequestHooks } from './buffer-steps.ts';
import { Cpus } from './cpus.ts';
import { Driver } from './driver.ts';
import { logBlockError, logDroppedPacket, logFailedMap } from './failure-log.ts';
import { DEVICE } from './frame.ts';
import type { FailedMap } from './locked-work.ts';
import type { ReceiveRings } from './receive-rings.ts';
import { RequestShapes } from './request-shapes.ts';
import { STAGE } from './requests.ts';
import type { DeviceControl, DeviceSpec } from './scenario.ts';
import { EVENT, type World } from './world.ts';

/** A device and the mapping size its driver is told, in bytes; Infinity when it is not limited. */
export interface DeviceStart {
  readonly spec: DeviceSpec;
  readonly maxMapping: number;
}

/** The devices of a simulation, by index in the scenario, and the CPUs that work for them. */
export class Devices implements RequestHooks {
  readonly cpus: Cpus;
  readonly #world: World;
  readonly #drivers: readonly Driver[];
  readonly #shapes: RequestShapes;
  /** Poll jobs, a row per CPU behind each other for each device; empty for a disk. */
  readonly #pollJobs: readonly Int32Array[];

  constructor(world: World, devices: readonly DeviceStart[]) {
    const { requests, memory, chance } = world;
    this.#world = world;
    this.#shapes = new RequestShapes(requests, memory, chance);
    this.#drivers = devices.map(
      ({ spec, maxMapping }, device) => new Driver(world, device, spec, maxMapping),
    );
    this.#pollJobs = this.#drivers.map((driver, device) =>
      driver.rings === null ? new Int32Array(0) : this.#makePollJobs(device),
    );
    this.cpus = new Cpus(world, this);
  }

  /** Sets the first alarms: every device begins, every receive ring is filled. */
  start(): void {
    this.#drivers.forEach((driver, device) => {
      driver.setArrival();
      this.#pollAll(device);
    });
  }

  /** A device and its controls as they are now. */
  spec(device: number): DeviceSpec {
    return this.#driver(device).spec;
  }

  /** Changes one control; it acts from now on. */
  setControl(device: number, control: DeviceControl, value: number): void {
    this.#driver(device).setControl(control, value);
    this.#admit(device);
    if (control === 'depth') this.#pollAll(device);
  }

  /** The upper layer wants something, or a packet comes in. */
  arrive(device: number): void {
    const driver = this.#driver(device);
    if (!driver.isDue()) return;
    driver.setArrival();
    if (driver.rings !== null && this.#world.chance.hits(driver.spec.readShare)) {
      this.#receive(device, driver, driver.rings);
      return;
    }
    driver.wish();
    this.#admit(device);
  }

  /** The device has finished a request. */
  served(request: number): void {
    const { requests } = this.#world;
    const driver = this.#driver(requests.device[request] as number);
    driver.service.finish(driver.spec);
    requests.stage[request] = STAGE.unmapping;
    this.cpus.interrupt(requests.doneCpu[request] as number, request);
  }

  /** A request that failed is tried again. */
  retry(request: number): void {
    const { requests, ledger } = this.#world;
    ledger.count(requests.device[request] as number, DEVICE.waiting, -1);
    requests.stage[request] = STAGE.mapping;
    requests.position[request] = 0;
    this.cpus.submit(requests.cpu[request] as number, request);
  }

  /** A receive ring's interrupt, or its refill timer. */
  poll(job: number): void {
    const { requests, nowNs } = this.#world;
    const ring = requests.cpu[job] as number;
    const rings = this.ringsOf(requests.device[job] as number);
    if (rings.interruptNs[ring] === nowNs) rings.interruptNs[ring] = Infinity;
    if (rings.refillNs[ring] === nowNs) rings.refillNs[ring] = Infinity;
    this.#startPoll(job, ring, rings);
  }

  mapped(request: number): void {
    const driver = this.#driver(this.#world.requests.device[request] as number);
    driver.service.take(request, driver.spec);
  }

  unmapped(request: number): void {
    const { requests, ledger, nowNs } = this.#world;
    const device = requests.device[request] as number;
    const latencyNs = nowNs - (requests.bornNs[request] as number);
    ledger.requestDone(device, requests.bytes[request] as number, latencyNs, nowNs);
    this.#end(device, request);
  }

  mapFailed(job: number, failed: FailedMap): void {
    const { requests } = this.#world;
    const device = requests.device[job] as number;
    const { spec, facts } = this.#driver(device);
    // Lists are mapped with DMA_ATTR_NO_WARN by drivers that try again.
    const quiet = facts.quietLists && (requests.count[job] as number) > 1;
    logFailedMap(this.#world, { kind: spec.kind, index: device }, failed, quiet);
  }

  undone(request: number, atNs: number): void {
    const { requests, ledger, costs } = this.#world;
    const device = requests.device[request] as number;
    const { spec, facts } = this.#driver(device);
    if (facts.onFailedMap === 'requeue') {
      this.#tryLater(device, request, atNs + costs.requeueNs);
    } else if (facts.onFailedMap === 'drop') {
      ledger.count(device, DEVICE.dropped, 1);
      logDroppedPacket(this.#world, spec, request);
      this.#end(device, request);
    } else {
      ledger.count(device, DEVICE.ioErrors, 1);
      logBlockError(this.#world, spec, request);
      if (facts.onFailedMap === 'error') this.#end(device, request);
      else this.#tryLater(device, request, atNs + costs.retryNs);
    }
  }

  unmapTurn(request: number, turn: number): number {
    const { requests } = this.#world;
    const { kind } = this.#driver(requests.device[request] as number).spec;
    if (kind !== 'virtio-blk') return turn;
    // The indirect table, mapped last, is unmapped first.
    return turn === 0 ? (requests.count[request] as number) - 1 : turn - 1;
  }

  ringsOf(device: number): ReceiveRings {
    const { rings } = this.#driver(device);
    if (rings === null) throw new RangeError(`device ${device} has no receive ring`);
    return rings;
  }

  receiveAddress(device: number, ring: number): number {
    const { memory, chance } = this.#world;
    const { highMemoryShare } = this.#driver(device).spec;
    return this.ringsOf(device).nextAddress(ring, memory, chance, highMemoryShare);
  }

  received(device: number, ring: number): void {
    const { ledger, nowNs } = this.#world;
    const rings = this.ringsOf(device);
    const bytes = rings.oldestPacketBytes(ring);
    if (bytes > 0) ledger.requestDone(device, bytes, nowNs - rings.oldestPacketNs(ring), nowNs);
    rings.dropOldest(ring);
    ledger.set(device, DEVICE.depth, rings.posted);
  }

  pollDone(job: number): void {
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

  /** Lets in as many waiting requests as there is room for. */
  #admit(device: number): void {
    const driver = this.#driver(device);
    while (driver.canStart()) {
      const request = driver.start(this.#shapes);
      this.cpus.submit(this.#world.requests.cpu[request] as number, request);
    }
  }

  #end(device: number, request: number): void {
    this.#driver(device).end(request);
    this.#admit(device);
  }

  #tryLater(device: number, request: number, atNs: number): void {
    const { requests, ledger, alarms } = this.#world;
    requests.stage[request] = STAGE.waiting;
    ledger.count(device, DEVICE.retried, 1);
    ledger.count(device, DEVICE.waiting, 1);
    alarms.set(atNs, EVENT.retry, request);
  }

  #receive(device: number, driver: Driver, rings: ReceiveRings): void {
    const { chance, cpus, ledger, nowNs } = this.#world;
    const ring = chance.below(cpus);
    if (!rings.fill(ring, driver.drawBytes(), nowNs)) {
      ledger.count(device, DEVICE.dropped, 1);
      return;
    }
    const job = this.#pollJobs[device]?.[ring];
    if (job !== undefined) this.#interruptSoon(job, ring, rings);
  }

  #interruptSoon(job: number, ring: number, rings: ReceiveRings): void {
    const { alarms, costs, nowNs } = this.#world;
    if (rings.polling[ring] === 1 || rings.interruptNs[ring] !== Infinity) return;
    rings.interruptNs[ring] = nowNs + costs.coalesceNs;
    alarms.set(nowNs + costs.coalesceNs, EVENT.poll, job);
  }

  #startPoll(job: number, ring: number, rings: ReceiveRings): void {
    if (rings.polling[ring] === 1) return;
    rings.polling[ring] = 1;
    this.#world.requests.paid[job] = 0;
    this.cpus.interrupt(ring, job);
  }

  #pollAll(device: number): void {
    this.#pollJobs[device]?.forEach((job, ring) => {
      this.#startPoll(job, ring, this.ringsOf(device));
    });
  }

  #makePollJobs(device: number): Int32Array {
    const { requests, cpus } = this.#world;
    return Int32Array.from({ length: cpus }, (_, cpu) => {
      const job = requests.take();
      requests.device[job] = device;
      requests.cpu[job] = cpu;
      requests.stage[job] = STAGE.polling;
      return job;
    });
  }

  #driver(device: number): Driver {
    const driver = this.#drivers[device];
    if (driver === undefined) throw new RangeError(`there is no device ${device}`);
    return driver;
  }
}
