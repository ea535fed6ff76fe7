/** What the kernel says when a map fails and when a driver gives up, in its own words. */
import { DEVICE_KINDS, logName } from './device-kinds.ts';
import { addressText, bufferFullText, type LogLine } from './kernel-log.ts';
import type { FailedMap } from './locked-work.ts';
import type { DeviceKind, DeviceSpec } from './scenario.ts';
import type { World } from './world.ts';

/** Rate limits count per call site, named by the C function as the kernel names it. */
const MAP_SITE = 'swiotlb_tbl_map_single';
const REACH_SITE = 'swiotlb_map';
const DIRECT_SITE = 'dma_direct_map_page';
const BLOCK_SITE = 'blk_print_req_error';
const NET_SITE = 'net_ratelimit';
const SECTORS_PER_PAGE = 8;
/** Spreads request numbers over the disk: the simulated load has no files. */
const SECTOR_STRIDE = 7_919;
const DISK_SECTORS = 2_097_152;
/** virtio-blk maps header, status and indirect table beside the data. */
const VIRTIO_EXTRAS = 3;
const ENOMEM = 12;
/** Where amdgpu says that a submission found no memory: `amdgpu_cs_ioctl()`. */
const SUBMISSION_TEXT =
  '[drm:amdgpu_cs_ioctl [amdgpu]] *ERROR* Not enough memory for command submission!';
const NO_POOL_TEXT =
  "Can not allocate SWIOTLB buffer earlier and can't now provide you with the DMA bounce buffer";

/** Whose address each of the two warnings names. */
const ADDRESS_OF = { [REACH_SITE]: 'swiotlb', [DIRECT_SITE]: 'DMA' } as const;

/** As much of the world as a line of the log needs. */
type LogWorld = Pick<World, 'log' | 'swiotlb' | 'dma' | 'nowNs' | 'event'>;

/** Who asked for the map. */
export interface AskingDevice {
  readonly kind: DeviceKind;
  /** By index in the scenario. */
  readonly index: number;
}

/**
 * What the kernel says of a failed map: `swiotlb_tbl_map_single()` when it has no room or no pool,
 * `swiotlb_map()` when the slots are out of the device's reach, `dma_direct_map_page()` when it must
 * bounce and no pool is active. The last two warn once since boot; a list that is mapped with
 * `DMA_ATTR_NO_WARN` is spared the first only.
 */
export function logFailedMap(
  world: LogWorld,
  asking: AskingDevice,
  failed: FailedMap,
  quiet: boolean,
): void {
  const { log, swiotlb, dma, nowNs, event } = world;
  const { cause } = swiotlb.outcome;
  // Of the allocator that the device uses: a restricted one has numbers of its own.
  const { nslabs, used, forceBounce } = dma[asking.index]?.mem ?? swiotlb.mem;
  if (cause === 'out-of-reach') {
    warnOverflow(world, REACH_SITE, asking, failed);
  } else if (cause === 'no-pool' && !forceBounce) {
    warnOverflow(world, DIRECT_SITE, asking, failed);
  } else if (cause === 'no-pool' || !quiet) {
    if (!log.admits(MAP_SITE, nowNs, event)) return;
    const name = logName(asking.kind, asking.index);
    const text =
      cause === 'no-pool'
        ? `${name}: ${NO_POOL_TEXT}`
        : bufferFullText(name, failed.total, nslabs, used);
    log.print(line(world, text, 'warn'));
  }
}

/** `dev_WARN_ONCE()` of an address that a device's mask does not cover. */
function warnOverflow(
  world: LogWorld,
  site: keyof typeof ADDRESS_OF,
  { kind, index }: AskingDevice,
  { address, size }: FailedMap,
): void {
  // Both are printed as `%llx`, without 0x.
  const { dmaMask, busLimit = '0x0' } = DEVICE_KINDS[kind];
  const limits = `(mask ${dmaMask.slice(2)}, bus limit ${busLimit.slice(2)})`;
  const span = `${ADDRESS_OF[site]} addr ${addressText(address)}+${size}`;
  const text = `${logName(kind, index)}: ${span} overflow ${limits}.`;
  world.log.printOnce(site, line(world, text, 'warn'));
}

/** The block layer's error for a request. */
export function logBlockError(world: World, spec: DeviceSpec, request: number): void {
  const { log, requests, nowNs, event } = world;
  if (!log.admits(BLOCK_SITE, nowNs, event)) return;
  const serial = requests.serial[request] ?? 0;
  const sector = ((serial * SECTOR_STRIDE) % (DISK_SECTORS / SECTORS_PER_PAGE)) * SECTORS_PER_PAGE;
  const op = requests.reads[request] === 1 ? '0x0:(READ)' : '0x1:(WRITE)';
  const segments =
    (requests.count[request] ?? 0) - VIRTIO_EXTRAS * Number(spec.kind === 'virtio-blk');
  const tail = `flags 0x0 phys_seg ${segments} prio class 0`;
  log.print(line(world, `I/O error, dev ${spec.name}, sector ${sector} op ${op} ${tail}`, 'err'));
}

/** The network driver's error for a packet that could not be queued. */
export function logDroppedPacket(world: World, spec: DeviceSpec, request: number): void {
  const { log, requests, nowNs, event } = world;
  if (!log.admits(NET_SITE, nowNs, event)) return;
  const queue = requests.cpu[request] ?? 0;
  const text = `net ${spec.name}: Unexpected TXQ (${queue}) queue failure: -${ENOMEM}`;
  log.print(line(world, text, 'warn'));
}

/**
 * What is said when `dma_alloc_*` found no memory: by the driver core when it was the driver's first
 * (`call_driver_probe()`), later by the driver itself.
 */
export function logFailedAlloc(
  world: LogWorld,
  { kind, index }: AskingDevice,
  first: boolean,
): void {
  const { driver } = DEVICE_KINDS[kind];
  const probe = `${logName(kind, index)}: probe with driver ${driver} failed with error -${ENOMEM}`;
  world.log.print(line(world, first ? probe : SUBMISSION_TEXT, 'err'));
}

function line(world: LogWorld, text: string, level: LogLine['level']): LogLine {
  return { timeNs: world.nowNs, event: world.event, text, level };
}
