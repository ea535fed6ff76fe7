/** What a page is told of buffers with pages of their own: the newest, the sums, and who waits for whom. */
import type { OwnBuffer, OwnBuffers } from './own-buffers.ts';
import { STAGE, type Requests } from './requests.ts';

/** Buffers of one device that are told one by one at most. */
export const TOLD_BUFFERS = 12;

/** One live buffer. */
export interface OwnChip {
  /** Counts them from 1. */
  readonly serial: number;
  /** Bytes of the data, and bytes of the block it holds. */
  readonly size: number;
  readonly held: number;
  readonly sinceNs: number;
}

/** The buffers of one device. */
export interface DeviceBuffers {
  /** Index in the scenario. */
  readonly device: number;
  readonly live: number;
  /** Bytes of the blocks held. */
  readonly held: number;
  /** The newest, newest first, at most `TOLD_BUFFERS`. */
  readonly newest: readonly OwnChip[];
}

/** Tasks that sleep in the page allocator, and what could wake them. */
export interface OwnWait {
  readonly asleep: number;
  /** When the one began that has slept longest, virtual ns. */
  readonly sinceNs: number;
  /** Device whose writes they wait for, by index in the scenario. */
  readonly device: number;
  /** Its requests: on their way to an end without more memory, and kept by tasks that sleep. */
  readonly underWay: number;
  readonly kept: number;
  /** Pages of the page cache still to be written. */
  readonly dirtyPages: number;
}

/** Such buffers at one moment; every sum is since boot but those of what is live. */
export interface OwnReport {
  /** Devices that have such a buffer or had one, by index. */
  readonly devices: readonly DeviceBuffers[];
  readonly maps: number;
  readonly leftToPool: number;
  readonly looks: number;
  readonly vainLooks: number;
  readonly sleeps: number;
  readonly wait: OwnWait | null;
}

/** The report at this moment. */
export function ownReport(own: OwnBuffers, requests: Requests): OwnReport {
  return {
    devices: devicesOf(own.seen, [...own.live.values()]),
    maps: own.maps,
    leftToPool: own.leftToPool,
    looks: own.looks,
    vainLooks: own.vainLooks,
    sleeps: own.sleeps,
    wait: waitOf(own, requests),
  };
}

function devicesOf(seen: ReadonlySet<number>, live: readonly OwnBuffer[]): DeviceBuffers[] {
  const devices = [...seen].toSorted((one, other) => one - other);
  return devices.map((device) => {
    const own = live.filter((buffer) => buffer.device === device);
    const held = own.reduce((sum, { pages }) => sum + pages.held, 0);
    return {
      device,
      live: own.length,
      held,
      newest: own.slice(-TOLD_BUFFERS).toReversed().map(chipOf),
    };
  });
}

function chipOf({ serial, size, sinceNs, pages }: OwnBuffer): OwnChip {
  return { serial, size, held: pages.held, sinceNs };
}

function waitOf({ sleepers, writeback }: OwnBuffers, requests: Requests): OwnWait | null {
  if (sleepers.size === 0 || writeback === null) return null;
  const { device } = writeback;
  const asleep = new Set([...sleepers.keys()].map((request) => taskOf(requests, request)));
  let underWay = 0;
  let kept = 0;
  for (const [request, stage] of requests.stage.entries()) {
    if (!isRequest(stage) || requests.device[request] !== device) continue;
    if (stage === STAGE.noMemory) continue;
    const isKept = stage === STAGE.mapping && asleep.has(taskOf(requests, request));
    if (isKept) kept++;
    else underWay++;
  }
  const sinceNs = Math.min(...sleepers.values());
  const dirtyPages = writeback.dirty;
  return { asleep: sleepers.size, sinceNs, device, underWay, kept, dirtyPages };
}

function isRequest(stage: number): boolean {
  return stage !== STAGE.free && stage !== STAGE.polling && stage !== STAGE.growing;
}

/** A task of a device, as one number. */
function taskOf({ device, task }: Requests, request: number): number {
  return (task[request] ?? 0) * 256 + (device[request] ?? 0);
}
