/**
 * One device's driver and the layer above it: what is wanted when, how a wish is cut into requests,
 * and how many of them are let in at a time.
 */
import { streamOf, type Chance } from './chance.ts';
import { DEVICE_KINDS, TRANSMIT_LIMIT, type KindFacts } from './device-kinds.ts';
import { DeviceService } from './device-service.ts';
import { Doorbell } from './doorbell.ts';
import { DEVICE } from './frame.ts';
import { LoadClock } from './load-clock.ts';
import { ReceiveRings } from './receive-rings.ts';
import type { RequestShapes, ShapeLimits } from './request-shapes.ts';
import { STAGE } from './requests.ts';
import type { DeviceControl, DeviceSpec } from './scenario.ts';
import { Tasks } from './tasks.ts';
import { GATE } from './throttle-gate.ts';
import { Wishes } from './wishes.ts';
import { EVENT, type World } from './world.ts';
import type { Keeper } from '../model/keeper.ts';

const NS_PER_MS = 1e6;
/** Streams of chance a device has: arrivals, wishes, services, flows. */
const STREAMS = 4;
/** A plug holds so many requests before it is flushed: BLK_MAX_REQUEST_COUNT. */
const PLUG_REQUESTS = 32;
/** Receive buffers of one device at most, all rings together. */
export const MAX_RING_BUFFERS = 4096;

/** A device and the mapping size its driver is told, in bytes; Infinity when it is not limited. */
export interface DeviceStart {
  readonly spec: DeviceSpec;
  readonly maxMapping: number;
  /** `dma_recommend_may_block` for it. */
  readonly recommended: boolean;
}

/** The driver of one device, with its backlog and its requests in flight. */
export class Driver {
  readonly facts: KindFacts;
  readonly service: DeviceService;
  /** Receive rings, one per CPU; null for a disk. */
  readonly rings: ReceiveRings | null;
  readonly tasks: Tasks;
  /** When something is wanted or comes in, and what comes in. */
  readonly arrivals: Chance;
  readonly doorbell: Doorbell;
  spec: DeviceSpec;
  readonly #world: World;
  readonly #device: number;
  readonly #clock: LoadClock;
  readonly #wishes: Wishes;
  /** Which queue the completion of a packet belongs to. */
  readonly #flows: Chance;
  /** `swiotlb_max_mapping_size` as the driver sees it; Infinity when it is not limited. */
  readonly #maxMapping: number;
  #limits: ShapeLimits;
  #dueNs = Infinity;
  #inFlight = 0;
  /** Whether the tasks of a closed loop have their first wishes. */
  #isBegun = false;
  /** Requests of a batch since the doorbell was last rung. */
  #sinceBell = 0;

  constructor(world: World, device: number, spec: DeviceSpec, maxMapping: number) {
    this.#world = world;
    this.#device = device;
    this.spec = spec;
    this.facts = DEVICE_KINDS[spec.kind];
    this.#maxMapping = maxMapping;
    this.#limits = this.#limitsOf(spec);
    // What is wanted, and when, is the same whatever becomes of it: nothing else draws from these
    // streams. Where its buffers lie in memory is not.
    const stream = (part: number) => streamOf(world.seed, device * STREAMS + part);
    this.arrivals = stream(0);
    this.#flows = stream(3);
    this.service = new DeviceService(world, stream(2));
    this.#clock = new LoadClock(this.arrivals, world.costs.burstCycleNs);
    this.rings = spec.kind === 'virtio-net' ? this.#makeRings(spec.depth) : null;
    const { requests, cpus } = world;
    const count = this.rings === null ? (spec.tasks ?? cpus) : cpus;
    this.tasks = new Tasks(requests, count, cpus);
    this.doorbell = new Doorbell(requests, this.tasks.all, cpus);
    this.#wishes = new Wishes(stream(1), spec, this.tasks, this.rings === null);
    this.#showDepth();
    this.showTasks();
  }

  /** Sets the alarm of the next wish. */
  setArrival(): void {
    const { alarms, nowNs } = this.#world;
    const { ratePerSecond, burst, startMs, closed = false } = this.spec;
    const fromNs = Math.max(nowNs, startMs * NS_PER_MS);
    if (closed) this.#dueNs = this.#isBegun ? Infinity : Math.ceil(fromNs);
    else this.#dueNs = this.#clock.nextNs(fromNs, ratePerSecond, burst);
    if (this.#dueNs < Infinity) alarms.set(this.#dueNs, EVENT.arrive, this.#device);
  }

  /** Whether an alarm that rings now is the one set last; an older one is of a former rate. */
  isDue(): boolean {
    return this.#world.nowNs === this.#dueNs;
  }

  /** Changes a control; what it sets going is the caller's business. */
  setControl(control: DeviceControl, value: number): void {
    this.spec = { ...this.spec, [control]: value };
    this.#wishes.readShare = this.spec.readShare;
    this.#limits = this.#limitsOf(this.spec);
    if (this.rings !== null) this.rings.target = Math.ceil(this.spec.depth / this.#world.cpus);
    if (control === 'ratePerSecond' || control === 'burst') this.setArrival();
    this.#showDepth();
  }

  /** The upper layer wishes for something to be read, written or sent. */
  wish(): void {
    this.#wishes.add();
  }

  /** In a closed loop: every task has its first wish. */
  begin(): void {
    this.#isBegun = true;
    this.#dueNs = Infinity;
    for (let task = 0; task < this.tasks.count; task++) this.#wishes.add();
  }

  /** Whether a wish waits and there is room for its next request. */
  canStart(): boolean {
    const hasTag = this.rings !== null || this.#inFlight < this.spec.depth;
    return hasTag && this.tasks.awakeInFlight < this.#room() && this.#wishes.canGoOn();
  }

  /** Requests that may be in flight: who sleeps takes its share of the depth along. */
  #room(): number {
    if (this.rings !== null) return TRANSMIT_LIMIT;
    const { depth } = this.spec;
    const { awake, count } = this.tasks;
    return awake === count ? depth : Math.max(1, Math.floor((depth * awake) / count));
  }

  /** Makes the next request of the oldest wish. */
  start(shapes: RequestShapes): number {
    const { requests, nowNs } = this.#world;
    const wish = this.#wishes.next();
    const request = requests.take();
    requests.device[request] = this.#device;
    requests.stage[request] = STAGE.mapping;
    requests.task[request] = wish.task;
    requests.owner[request] = wish.task;
    requests.cpu[request] = this.tasks.cpu[wish.task] as number;
    requests.doneCpu[request] = this.#completingCpu(wish.task);
    requests.reads[request] = wish.reads;
    requests.gate[request] = GATE.outside;
    requests.count[request] = 0;
    requests.position[request] = 0;
    requests.paid[request] = 0;
    requests.bornNs[request] = nowNs;
    const bytes = this.#addSegments(request, wish.bytes, shapes);
    requests.bytes[request] = bytes;
    this.#setBell(request, this.#wishes.take(bytes));
    this.#inFlight++;
    this.tasks.countInFlight(wish.task, 1);
    this.#showDepth();
    return request;
  }

  /** A request is over, done or not. */
  end(request: number): void {
    const { requests } = this.#world;
    const owner = requests.owner[request] as number;
    this.tasks.countInFlight(owner, -1);
    requests.give(request);
    this.#inFlight--;
    this.#showDepth();
    // Who waited for it asks for the next.
    const isOver = this.tasks.isIdle(owner) && !this.#wishes.isMid(owner);
    if (this.spec.closed === true && isOver) this.wish();
  }

  /** A task sleeps in the throttle, or was let in and runs on `cpu`. */
  taskSlept(task: number): void {
    this.tasks.sleep(task);
    this.showTasks();
  }

  taskWoke(task: number, cpu: number): void {
    this.tasks.wake(task, cpu);
    this.#wishes.resume(task);
    this.showTasks();
  }

  /** Nothing more can be begun now: a batch that was cut short is rung for. */
  closeBatch(lastRequest: number): void {
    this.#world.requests.bell[lastRequest] = 1;
    this.#sinceBell = 0;
  }

  /** Writes what the tasks and the doorbell look like. */
  showTasks(): void {
    const { ledger } = this.#world;
    const { awake, count } = this.tasks;
    ledger.set(this.#device, DEVICE.tasks, this.rings === null ? count : 0);
    ledger.set(this.#device, DEVICE.blockedTasks, count - awake);
    ledger.set(this.#device, DEVICE.unrung, this.doorbell.count);
  }

  /** The doorbell is rung behind the last request of a batch, and when the plug is full. */
  #setBell(request: number, isLast: boolean): void {
    const isBell = !this.facts.batches || isLast || ++this.#sinceBell >= PLUG_REQUESTS;
    this.#world.requests.bell[request] = isBell ? 1 : 0;
    if (isBell) this.#sinceBell = 0;
  }

  /** Bytes of a packet that comes in. */
  drawPacket(): number {
    return this.#wishes.drawBytes(this.arrivals);
  }

  keep(k: Keeper): void {
    this.spec = k.value(this.spec);
    this.#limits = k.value(this.#limits);
    this.#dueNs = k.value(this.#dueNs);
    this.#inFlight = k.value(this.#inFlight);
    this.#isBegun = k.value(this.#isBegun);
    this.#sinceBell = k.value(this.#sinceBell);
    // The load's clock has no state but this stream.
    this.arrivals.keep(k);
    this.#flows.keep(k);
    this.service.keep(k);
    this.rings?.keep(k);
    this.tasks.keep(k);
    this.doorbell.keep(k);
    this.#wishes.keep(k);
  }

  /** NVMe and virtio-blk have a queue per CPU; a packet's queue is chosen by its flow. */
  #completingCpu(task: number): number {
    if (this.rings !== null) return this.#flows.below(this.#world.cpus);
    return this.facts.oneInterrupt ? 0 : this.tasks.home(task);
  }

  #addSegments(request: number, wanted: number, shapes: RequestShapes): number {
    if (this.facts.allocates) return wanted;
    if (this.rings !== null) {
      shapes.addPacket(request, wanted, this.#limits);
      return wanted;
    }
    const { maxRequestBytes, capsRequests } = this.facts;
    const most = capsRequests ? Math.min(maxRequestBytes, this.#maxMapping) : maxRequestBytes;
    const bytes = Math.min(wanted, most);
    return this.spec.kind === 'virtio-blk'
      ? shapes.addVirtioBlock(request, bytes, this.#limits)
      : shapes.addBuffer(request, bytes, this.#limits);
  }

  #limitsOf({ highMemoryShare, contiguity }: DeviceSpec): ShapeLimits {
    const { maxSegmentBytes, maxSegments, imports = false } = this.facts;
    const segmentBytes = imports ? maxSegmentBytes : Math.min(maxSegmentBytes, this.#maxMapping);
    const limits = { maxSegmentBytes: segmentBytes, maxSegments, highMemoryShare, contiguity };
    return imports ? { ...limits, imports } : limits;
  }

  #makeRings(depth: number): ReceiveRings {
    const { cpus } = this.#world;
    const capacity = Math.ceil(MAX_RING_BUFFERS / cpus);
    return new ReceiveRings(cpus, capacity, Math.ceil(depth / cpus));
  }

  #showDepth(): void {
    const { ledger } = this.#world;
    const { rings } = this;
    ledger.set(this.#device, DEVICE.depth, rings === null ? this.#inFlight : rings.posted);
    ledger.set(this.#device, DEVICE.depthLimit, this.spec.depth);
  }
}
