/** What the kernel says when a map fails and when a driver gives up, in its own words. */
import { logName } from './device-kinds.ts';
import { bufferFullText, type LogLine } from './kernel-log.ts';
import type { DeviceSpec } from './scenario.ts';
import type { World } from './world.ts';

/** Rate limits count per call site, named by the C function as the kernel names it. */
const MAP_SITE = 'swiotlb_tbl_map_single';
const BLOCK_SITE = 'blk_print_req_error';
const NET_SITE = 'net_ratelimit';
const SECTORS_PER_PAGE = 8;
/** Spreads request numbers over the disk: the simulated load has no files. */
const SECTOR_STRIDE = 7_919;
const DISK_SECTORS = 2_097_152;
/** virtio-blk maps header, status and indirect table beside the data. */
const VIRTIO_EXTRAS = 3;
const ENOMEM = 12;

/** No room: what `swiotlb_tbl_map_single()` says. `bytes` includes alignment. */
export function logBufferFull(world: World, device: number, spec: DeviceSpec, bytes: number): void {
  const { log, swiotlb, nowNs, event } = world;
  const { nslabs, used } = swiotlb.mem;
  if (swiotlb.outcome.cause === 'out-of-reach' || !log.admits(MAP_SITE, nowNs, event)) return;
  log.print(line(world, bufferFullText(logName(spec.kind, device), bytes, nslabs, used), 'warn'));
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

function line(world: World, text: string, level: LogLine['level']): LogLine {
  return { timeNs: world.nowNs, event: world.event, text, level };
}
