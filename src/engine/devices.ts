/**
 * The devices: what becomes of a request before, between and after the steps that CPUs make for it.
 * What differs by kind is little: the order of unmaps, what a failed map means, and the receive
 * rings of a network device.
 */
import type { RequestHooks } from './buffer-steps.ts';
import { Cpus } from './cpus.ts';
import { DmaAllocs } from './dma-allocs.ts';
import { Driver, type DeviceStart } from './driver.ts';
import { logBlockError, logDroppedPacket, logFailedMap } from './failure-log.ts';
import { DEVICE } from './frame.ts';
import type { FailedMap } from './locked-work.ts';
import { GrowthWork } from './growth-work.ts';
import type { OwnBuffers } from './own-buffers.ts';
import { Reaping } from './reaping.ts';
import { ReceiveWork } from './receive-work.ts';
import { RequestShapes } from './request-shapes.ts';
import { NO_REQUEST, STAGE } from './requests.ts';
import type { DeviceControl, DeviceSpec } from './scenario.ts';
import { GATE, ThrottleGate, type GateHooks } from './throttle-gate.ts';
import { EVENT, type World } from './world.ts';
import type { Writeback } from './writeback.ts';
import type { Keeper } from '../model/keeper.ts';

/** The devices of a simulation, by index in the scenario, and the CPUs that work for them. */
export class Devices implements RequestHooks, GateHooks {
  readonly cpus: Cpus;
  readonly gate: ThrottleGate;
  readonly growth: GrowthWork;
  readonly allocs: DmaAllocs;
  readonly receiving: ReceiveWork;
  readonly own: OwnBuffers | null;
  readonly #writeback: Writeback | null;
  readonly #reaping: Reaping;
  readonly #world: World;
  readonly #drivers: readonly Driver[];
  readonly #shapes: RequestShapes;
  /** By device: whether its maps carry `DMA_ATTR_MAY_BLOCK`. */
  readonly #mayBlock: readonly boolean[];

  /** @param timeoutNs patience of a sleeper under a policy that times out. */
  constructor(world: World, devices: readonly DeviceStart[], timeoutNs: number) {
    const { requests, memory, chance } = world;
    this.#world = world;
    this.#shapes = new RequestShapes(requests, memory, chance);
    this.#drivers = devices.map(
      ({ spec, maxMapping }, device) => new Driver(world, device, spec, maxMapping),
    );
    const interrupt = (cpu: number, job: number) => this.cpus.interrupt(cpu, job);
    this.receiving = new ReceiveWork(world, this.#drivers, interrupt);
    this.#reaping = new Reaping(world, devices.length, interrupt);
    this.#mayBlock = devices.map(
      ({ recommended }, device) => recommended && this.#driver(device).facts.mayBlock,
    );
    const { pages } = world;
    const specs = devices.map(({ spec }) => spec);
    this.#writeback = pages?.perMapping?.writebackOf(pages.guest.allocator, specs) ?? null;
    this.own = pages?.perMapping?.ownBuffersOf(world, this.#writeback) ?? null;
    this.gate = new ThrottleGate(world, this, timeoutNs);
    this.cpus = new Cpus(world, this, this.gate);
    this.growth = new GrowthWork(world, (cpu, job) => this.cpus.submit(cpu, job));
    this.allocs = new DmaAllocs(world, this.#drivers, this.cpus);
  }

  /** Sets the first alarms: every device begins, every receive ring is filled. */
  start(): void {
    this.#drivers.forEach((driver, device) => {
      driver.setArrival();
      this.receiving.pollAll(device);
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
    if (control === 'depth') this.receiving.pollAll(device);
  }

  /** The upper layer wants something, or a packet comes in. */
  arrive(device: number): void {
    const driver = this.#driver(device);
    if (!driver.isDue()) return;
    if (driver.spec.closed === true) {
      driver.begin();
      this.#admit(device);
      return;
    }
    driver.setArrival();
    if (driver.rings !== null && driver.arrivals.hits(driver.spec.readShare)) {
      this.receiving.receive(device, driver, driver.rings);
      return;
    }
    driver.wish();
    this.#admit(device);
  }

  /** The device has finished a request. */
  served(request: number): void {
    const driver = this.#driver(this.#world.requests.device[request] as number);
    driver.service.finish(driver.spec);
    if (driver.facts.allocates) this.allocs.release(request);
    else this.#reaping.finished(request, driver);
  }

  /** A polling task looks at its queue and finds a finished request. */
  reap(request: number): void {
    this.#reaping.look(request, this.#driver(this.#world.requests.device[request] as number));
  }

  /** A request that failed is tried again. */
  retry(request: number): void {
    const { requests, ledger } = this.#world;
    ledger.count(requests.device[request] as number, DEVICE.waiting, -1);
    if (this.#driver(requests.device[request] as number).facts.allocates) {
      this.allocs.retry(request);
      return;
    }
    requests.stage[request] = STAGE.mapping;
    requests.position[request] = 0;
    requests.gate[request] = GATE.outside;
    // The queue's kworker tries again, one request after the other.
    const { tasks } = this.#driver(requests.device[request] as number);
    const kworker = tasks.kworkerOf(requests.owner[request] as number);
    requests.task[request] = kworker;
    const cpu = tasks.cpu[kworker] as number;
    requests.cpu[request] = cpu;
    requests.bell[request] = 1;
    this.cpus.submit(cpu, request);
  }

  allocDone(request: number): void {
    const { requests, ledger, nowNs } = this.#world;
    const device = requests.device[request] as number;
    if (requests.stage[request] === STAGE.freeing) {
      this.#end(device, request);
      return;
    }
    // It is the device's own from now on, until it has no more use for it. Nothing was moved.
    requests.stage[request] = STAGE.device;
    ledger.requestDone(device, 0, nowNs - (requests.bornNs[request] as number), nowNs);
    const driver = this.#driver(device);
    driver.service.take(request, driver.spec);
    this.#admit(device);
  }

  mapped(request: number): void {
    const { requests, nowNs } = this.#world;
    const driver = this.#driver(requests.device[request] as number);
    if (!driver.facts.batches) {
      driver.service.take(request, driver.spec);
      return;
    }
    requests.stage[request] = STAGE.unrung;
    requests.mappedNs[request] = nowNs;
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
    const gate = requests.gate[request];
    if (gate === GATE.woken || gate === GATE.growing) return false;
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

  woke(request: number): void {
    const { requests } = this.#world;
    const cpu = this.cpus.wakeOn(requests.cpu[request] as number);
    requests.cpu[request] = cpu;
    requests.stage[request] = STAGE.mapping;
    this.cpus.submit(cpu, request);
  }

  letIn(request: number): void {
    const { requests, ledger } = this.#world;
    const device = requests.device[request] as number;
    const driver = this.#driver(device);
    const task = requests.task[request] as number;
    const cpu = requests.cpu[request] as number;
    ledger.count(device, DEVICE.throttled, -1);
    driver.taskWoke(task, cpu);
    this.#unstash(driver, task, cpu);
    if (driver.spec.polling === true && !driver.tasks.isKworker(task)) {
      this.#reaping.resume(device, driver.tasks.home(task));
    }
    this.#admit(device);
  }

  maySleep(device: number): boolean {
    return this.#driver(device).spec.maySleep === true;
  }

  outOfMemory(request: number): void {
    const { requests } = this.#world;
    this.#driver(requests.device[request] as number).taskSlept(requests.task[request] as number);
  }

  /** A sleeper in the page allocator tries again. */
  memoryCame(request: number): void {
    const { requests } = this.#world;
    const device = requests.device[request] as number;
    const driver = this.#driver(device);
    const task = requests.task[request] as number;
    const cpu = this.cpus.wakeOn(requests.cpu[request] as number);
    requests.cpu[request] = cpu;
    requests.stage[request] = STAGE.mapping;
    driver.taskWoke(task, cpu);
    this.cpus.submit(cpu, request);
    this.#unstash(driver, task, cpu);
    this.#admit(device);
  }

  /** What was kept for a task goes on with it. */
  #unstash(driver: Driver, task: number, cpu: number): void {
    const { requests } = this.#world;
    for (let kept = driver.tasks.unstash(task); kept !== NO_REQUEST;) {
      requests.cpu[kept] = cpu;
      this.cpus.submit(cpu, kept);
      kept = driver.tasks.unstash(task);
    }
  }

  unmapped(request: number): void {
    const { requests, ledger, nowNs } = this.#world;
    const device = requests.device[request] as number;
    const latencyNs = nowNs - (requests.bornNs[request] as number);
    ledger.requestDone(device, requests.bytes[request] as number, latencyNs, nowNs);
    if (this.#writeback?.device === device) this.#written(this.#writeback, request);
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
    } else if (facts.onFailedMap === 'refuse') {
      ledger.count(device, DEVICE.ioErrors, 1);
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

  #written(writeback: Writeback, request: number): void {
    const { requests } = this.#world;
    if (requests.reads[request] === 1) return;
    writeback.written(requests.bytes[request] as number);
    this.own?.wake();
  }

  keep(k: Keeper): void {
    const parts = [this.#reaping, this.#writeback, this.own, this.cpus, this.growth, this.allocs];
    for (const part of [...this.#drivers, ...parts]) part?.keep(k);
  }

  /** Lets in as many waiting requests as there is room for. */
  #admit(device: number): void {
    const driver = this.#driver(device);
    const { requests } = this.#world;
    let last = NO_REQUEST;
    while (driver.canStart() && !this.allocs.isBusy(device)) {
      last = driver.start(this.#shapes);
      if (driver.facts.allocates) this.allocs.want(last);
      if (this.#writeback?.device === device && requests.reads[last] === 0) {
        this.#writeback.sent(requests.bytes[last] as number);
      }
      this.cpus.submit(requests.cpu[last] as number, last);
    }
    // Without a free tag the task would sleep, and its plug is flushed before.
    if (last !== NO_REQUEST && requests.bell[last] === 0) driver.closeBatch(last);
  }

  /** The device learns of everything that was mapped by `task`. */
  #ring({ doorbell, service, spec }: Driver, task: number): void {
    const { requests, throttle, nowNs } = this.#world;
    for (let request = doorbell.next(task); request >= 0; request = doorbell.next(task)) {
      requests.stage[request] = STAGE.device;
      throttle.rung(nowNs - (requests.mappedNs[request] as number));
      service.take(request, spec);
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

  #driver(device: number): Driver {
    const driver = this.#drivers[device];
    if (driver === undefined) throw new RangeError(`there is no device ${device}`);
    return driver;
  }
}
