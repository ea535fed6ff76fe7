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
import { addPool, growNs, GrowthWork } from './growth-work.ts';
import { RequestShapes } from './request-shapes.ts';
import { NO_REQUEST, RequestQueues, STAGE } from './requests.ts';
import type { DeviceControl, DeviceSpec } from './scenario.ts';
import { KWORKER } from './tasks.ts';
import { GATE, ThrottleGate, type GateHooks } from './throttle-gate.ts';
import { EVENT, type World } from './world.ts';

/** A device and the mapping size its driver is told, in bytes; Infinity when it is not limited. */
export interface DeviceStart {
  readonly spec: DeviceSpec;
  readonly maxMapping: number;
  /** `dma_recommend_may_block` for it. */
  readonly recommended: boolean;
}

/** The devices of a simulation, by index in the scenario, and the CPUs that work for them. */
export class Devices implements RequestHooks, GateHooks {
  readonly cpus: Cpus;
  readonly gate: ThrottleGate;
  readonly growth: GrowthWork;
  readonly #world: World;
  readonly #drivers: readonly Driver[];
  readonly #shapes: RequestShapes;
  /** Poll jobs, a row per CPU behind each other for each device; empty for a disk. */
  readonly #pollJobs: readonly Int32Array[];
  /** By device: whether its maps carry `DMA_ATTR_MAY_BLOCK`. */
  readonly #mayBlock: readonly boolean[];
  /** Finished requests that nobody polls for, a queue per device and CPU. */
  readonly #unreaped: RequestQueues;

  /** @param timeoutNs patience of a sleeper under a policy that times out. */
  constructor(world: World, devices: readonly DeviceStart[], timeoutNs: number) {
    const { requests, memory, chance } = world;
    this.#world = world;
    this.#shapes = new RequestShapes(requests, memory, chance);
    this.#drivers = devices.map(
      ({ spec, maxMapping }, device) => new Driver(world, device, spec, maxMapping),
    );
    this.#pollJobs = this.#drivers.map((driver, device) =>
      driver.rings === null ? new Int32Array(0) : this.#makePollJobs(device),
    );
    this.#mayBlock = devices.map(
      ({ recommended }, device) => recommended && this.#driver(device).facts.mayBlock,
    );
    this.#unreaped = new RequestQueues(requests, devices.length * world.cpus);
    this.gate = new ThrottleGate(world, this, timeoutNs);
    this.cpus = new Cpus(world, this, this.gate);
    this.growth = new GrowthWork(world, (cpu, job) => this.cpus.submit(cpu, job));
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
    const device = requests.device[request] as number;
    const driver = this.#driver(device);
    driver.service.finish(driver.spec);
    const cpu = requests.doneCpu[request] as number;
    if (driver.spec.polling !== true) this.#complete(request);
    else if (driver.tasks.isPolled(cpu)) this.#reapSoon(request);
    else this.#leaveUnreaped(device, cpu, request);
  }

  /** A polling task looks at its queue and finds a finished request. */
  reap(request: number): void {
    const { requests } = this.#world;
    const device = requests.device[request] as number;
    const cpu = requests.doneCpu[request] as number;
    // The task may have fallen asleep between two looks.
    if (this.#driver(device).tasks.isPolled(cpu)) this.#complete(request);
    else this.#leaveUnreaped(device, cpu, request);
  }

  /** A request that failed is tried again. */
  retry(request: number): void {
    const { requests, ledger } = this.#world;
    ledger.count(requests.device[request] as number, DEVICE.waiting, -1);
    requests.stage[request] = STAGE.mapping;
    requests.position[request] = 0;
    requests.gate[request] = GATE.outside;
    // The kernel's worker tries again, one request at a time.
    requests.task[request] = KWORKER;
    requests.bell[request] = 1;
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
    const { requests } = this.#world;
    const driver = this.#driver(requests.device[request] as number);
    if (!driver.facts.batches) {
      driver.service.take(request, driver.spec);
      return;
    }
    requests.stage[request] = STAGE.unrung;
    driver.doorbell.add(requests.task[request] as number, request);
    if (requests.bell[request] === 1) this.#ring(driver, requests.task[request] as number);
    driver.showTasks();
  }

  mayBlock(request: number): boolean {
    return this.#mayBlock[this.#world.requests.device[request] as number] === true;
  }

  keptForSleeper(request: number): boolean {
    const { requests } = this.#world;
    if (requests.stage[request] === STAGE.growing) return false;
    const { tasks } = this.#driver(requests.device[request] as number);
    const task = requests.task[request] as number;
    if (!tasks.isAsleep(task)) return false;
    tasks.stash(task, request);
    return true;
  }

  slept(request: number): void {
    const { requests, ledger } = this.#world;
    const device = requests.device[request] as number;
    ledger.count(device, DEVICE.throttled, 1);
    this.#driver(device).taskSlept(requests.task[request] as number);
  }

  letIn(request: number): number {
    const { requests, ledger } = this.#world;
    const device = requests.device[request] as number;
    const driver = this.#driver(device);
    const task = requests.task[request] as number;
    const cpu = this.cpus.wakeOn(requests.cpu[request] as number);
    requests.cpu[request] = cpu;
    requests.stage[request] = STAGE.mapping;
    ledger.count(device, DEVICE.throttled, -1);
    driver.taskWoke(task, cpu);
    this.cpus.submit(cpu, request);
    for (let kept = driver.tasks.unstash(task); kept !== NO_REQUEST;) {
      requests.cpu[kept] = cpu;
      this.cpus.submit(cpu, kept);
      kept = driver.tasks.unstash(task);
    }
    if (driver.spec.polling === true && task !== KWORKER) this.#reapAll(device, task);
    this.#admit(device);
    return cpu;
  }

  growthWanted(cpu: number): void {
    this.growth.kick(cpu);
  }

  growthStep(): number {
    return this.growth.step();
  }

  ownPoolNs(): number {
    return growNs(this.#world, this.#world.swiotlb.config.defaultNslabs);
  }

  addOwnPool(): void {
    addPool(this.#world);
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
    const driver = this.#driver(device);
    const { spec, facts } = driver;
    // A batch that breaks off hands over what it had mapped.
    if (requests.bell[request] === 1) this.#ring(driver, requests.task[request] as number);
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
    const { spec, facts } = this.#driver(requests.device[request] as number);
    if (facts.mapsLists && this.gate.isOn) {
      // With the RFC entry 0, which may be throttled, is the last to be unmapped.
      return turn + 1 < (requests.mapped[request] as number) ? turn + 1 : 0;
    }
    if (spec.kind !== 'virtio-blk' || requests.stage[request] === STAGE.undoing) return turn;
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
    const { requests } = this.#world;
    let last = NO_REQUEST;
    while (driver.canStart()) {
      last = driver.start(this.#shapes);
      this.cpus.submit(requests.cpu[last] as number, last);
    }
    // Without a free tag the task would sleep, and its plug is flushed before.
    if (last !== NO_REQUEST && requests.bell[last] === 0) driver.closeBatch(last);
  }

  /** The device learns of everything that was mapped by `task`. */
  #ring({ doorbell, service, spec }: Driver, task: number): void {
    const { requests } = this.#world;
    for (let request = doorbell.next(task); request >= 0; request = doorbell.next(task)) {
      requests.stage[request] = STAGE.device;
      service.take(request, spec);
    }
  }

  #complete(request: number): void {
    const { requests } = this.#world;
    requests.stage[request] = STAGE.unmapping;
    this.cpus.interrupt(requests.doneCpu[request] as number, request);
  }

  #reapSoon(request: number): void {
    const { alarms, costs, nowNs } = this.#world;
    alarms.set(nowNs + costs.pollNs, EVENT.reap, request);
  }

  #leaveUnreaped(device: number, cpu: number, request: number): void {
    const { requests, ledger, cpus } = this.#world;
    requests.stage[request] = STAGE.unreaped;
    this.#unreaped.push(device * cpus + cpu, request);
    ledger.count(device, DEVICE.unreaped, 1);
  }

  /** A polling task runs again and finds what was finished meanwhile. */
  #reapAll(device: number, task: number): void {
    const { ledger, cpus } = this.#world;
    const queue = device * cpus + this.#driver(device).tasks.home(task);
    for (let done = this.#unreaped.shift(queue); done !== NO_REQUEST;) {
      ledger.count(device, DEVICE.unreaped, -1);
      this.#reapSoon(done);
      done = this.#unreaped.shift(queue);
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
      requests.gate[job] = GATE.outside;
      return job;
    });
  }

  #driver(device: number): Driver {
    const driver = this.#drivers[device];
    if (driver === undefined) throw new RangeError(`there is no device ${device}`);
    return driver;
  }
}
