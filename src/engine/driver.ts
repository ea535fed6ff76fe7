/**
 * One device's driver and the layer above it: what is wanted when, how a wish is cut into requests,
 * and how many of them are let in at a time.
 */
import { WeightedChoice } from './chance.ts';
import { DEVICE_KINDS, TRANSMIT_LIMIT, type KindFacts } from './device-kinds.ts';
import { DeviceService } from './device-service.ts';
import { DEVICE } from './frame.ts';
import { LoadClock } from './load-clock.ts';
import { ReceiveRings } from './receive-rings.ts';
import type { RequestShapes, ShapeLimits } from './request-shapes.ts';
import { STAGE } from './requests.ts';
import type { DeviceControl, DeviceSpec } from './scenario.ts';
import { EVENT, type World } from './world.ts';

const NS_PER_MS = 1e6;
/** Wishes a busy device keeps waiting; who wants more is blocked and not heard. */
const BACKLOG_LIMIT = 4096;
/** Receive buffers of one device at most, all rings together. */
export const MAX_RING_BUFFERS = 4096;

/** The driver of one device, with its backlog and its requests in flight. */
export class Driver {
  readonly facts: KindFacts;
  readonly service: DeviceService;
  /** Receive rings, one per CPU; null for a disk. */
  readonly rings: ReceiveRings | null;
  spec: DeviceSpec;
  readonly #world: World;
  readonly #device: number;
  readonly #clock: LoadClock;
  readonly #sizes: WeightedChoice;
  /** `swiotlb_max_mapping_size` as the driver sees it; Infinity when it is not limited. */
  readonly #maxMapping: number;
  #limits: ShapeLimits;
  #dueNs = Infinity;
  #backlog = 0;
  #inFlight = 0;
  /** What is left of a wish too large for one request, and how it was drawn. */
  #leftBytes = 0;
  #leftReads = 0;
  #leftCpu = 0;

  constructor(world: World, device: number, spec: DeviceSpec, maxMapping: number) {
    this.#world = world;
    this.#device = device;
    this.spec = spec;
    this.facts = DEVICE_KINDS[spec.kind];
    this.#maxMapping = maxMapping;
    this.#limits = this.#limitsOf(spec);
    this.service = new DeviceService(world);
    this.#clock = new LoadClock(world.chance, world.costs.burstCycleNs);
    this.#sizes = new WeightedChoice(spec.sizes.map(({ weight }) => weight));
    this.rings = spec.kind === 'virtio-net' ? this.#makeRings(spec.depth) : null;
    this.#showDepth();
  }

  /** Sets the alarm of the next wish. */
  setArrival(): void {
    const { alarms, nowNs } = this.#world;
    const { ratePerSecond, burst, startMs } = this.spec;
    const fromNs = Math.max(nowNs, startMs * NS_PER_MS);
    this.#dueNs = this.#clock.nextNs(fromNs, ratePerSecond, burst);
    if (this.#dueNs < Infinity) alarms.set(this.#dueNs, EVENT.arrive, this.#device);
  }

  /** Whether an alarm that rings now is the one set last; an older one is of a former rate. */
  isDue(): boolean {
    return this.#world.nowNs === this.#dueNs;
  }

  /** Changes a control; what it sets going is the caller's business. */
  setControl(control: DeviceControl, value: number): void {
    this.spec = { ...this.spec, [control]: value };
    this.#limits = this.#limitsOf(this.spec);
    if (this.rings !== null) this.rings.target = Math.ceil(this.spec.depth / this.#world.cpus);
    if (control === 'ratePerSecond' || control === 'burst') this.setArrival();
    this.#showDepth();
  }

  /** The upper layer wishes for something to be read, written or sent. */
  wish(): void {
    if (this.#backlog < BACKLOG_LIMIT) this.#backlog++;
  }

  /** Whether a wish waits and there is room for its next request. */
  canStart(): boolean {
    const limit = this.rings === null ? this.spec.depth : TRANSMIT_LIMIT;
    return this.#inFlight < limit && (this.#leftBytes > 0 || this.#backlog > 0);
  }

  /** Makes the next request of the oldest wish. */
  start(shapes: RequestShapes): number {
    const { requests, nowNs } = this.#world;
    if (this.#leftBytes === 0) this.#beginWish();
    const request = requests.take();
    requests.device[request] = this.#device;
    requests.stage[request] = STAGE.mapping;
    requests.cpu[request] = this.#leftCpu;
    requests.doneCpu[request] = this.#completingCpu();
    requests.reads[request] = this.#leftReads;
    requests.count[request] = 0;
    requests.position[request] = 0;
    requests.paid[request] = 0;
    requests.bornNs[request] = nowNs;
    const bytes = this.#addSegments(request, shapes);
    requests.bytes[request] = bytes;
    this.#leftBytes -= bytes;
    this.#inFlight++;
    this.#showDepth();
    return request;
  }

  /** A request is over, done or not. */
  end(request: number): void {
    this.#world.requests.give(request);
    this.#inFlight--;
    this.#showDepth();
  }

  /** Bytes of a packet that comes in. */
  drawBytes(): number {
    return this.spec.sizes[this.#sizes.draw(this.#world.chance)]?.bytes ?? 0;
  }

  #beginWish(): void {
    const { chance, cpus } = this.#world;
    this.#backlog--;
    this.#leftBytes = this.drawBytes();
    this.#leftReads = this.rings === null && chance.hits(this.spec.readShare) ? 1 : 0;
    this.#leftCpu = chance.below(cpus);
  }

  /** NVMe and virtio-blk have a queue per CPU; a packet's queue is chosen by its flow. */
  #completingCpu(): number {
    const { chance, cpus } = this.#world;
    if (this.rings !== null) return chance.below(cpus);
    return this.facts.oneInterrupt ? 0 : this.#leftCpu;
  }

  #addSegments(request: number, shapes: RequestShapes): number {
    if (this.rings !== null) {
      shapes.addPacket(request, this.#leftBytes, this.#limits);
      return this.#leftBytes;
    }
    const { maxRequestBytes, capsRequests } = this.facts;
    const most = capsRequests ? Math.min(maxRequestBytes, this.#maxMapping) : maxRequestBytes;
    const bytes = Math.min(this.#leftBytes, most);
    return this.spec.kind === 'virtio-blk'
      ? shapes.addVirtioBlock(request, bytes, this.#limits)
      : shapes.addBuffer(request, bytes, this.#limits);
  }

  #limitsOf({ highMemoryShare, contiguity }: DeviceSpec): ShapeLimits {
    const { maxSegmentBytes, maxSegments } = this.facts;
    const segmentBytes = Math.min(maxSegmentBytes, this.#maxMapping);
    return { maxSegmentBytes: segmentBytes, maxSegments, highMemoryShare, contiguity };
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
