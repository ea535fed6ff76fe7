/** What the parts of a simulation share: the clock, the alarms, chance, the model and its ledger. */
import type { Alarms } from './alarms.ts';
import type { AreaLocks } from './area-locks.ts';
import type { Chance } from './chance.ts';
import type { Costs } from './costs.ts';
import type { EventHash } from './event-hash.ts';
import type { ModeFacts } from './growth-mode.ts';
import type { GrowthLog, NotedPages } from './growth-log.ts';
import type { KernelLog } from './kernel-log.ts';
import type { Ledger } from './ledger.ts';
import type { MemoryMap } from './memory-map.ts';
import type { Requests } from './requests.ts';
import type { RunCosts } from './run-costs.ts';
import type { ThrottleBook } from './throttle-book.ts';
import type { Witness } from './witness.ts';
import type { DmaDevice } from '../model/device.ts';
import type { Keeper } from '../model/keeper.ts';
import type { Swiotlb } from '../model/swiotlb.ts';

/** What an alarm is for. Its subject is named behind. */
export const EVENT = {
  /** The upper layer of a device wants something. Subject: the device. */
  arrive: 0,
  /** A CPU is done with what it did. Subject: the CPU. */
  cpu: 1,
  /** A CPU that spun gets its lock. Subject: the CPU. */
  wake: 2,
  /** A device finished a request. Subject: the request. */
  served: 3,
  /** A request is tried again. Subject: the request. */
  retry: 4,
  /** A receive ring's interrupt, or its refill timer. Subject: the poll job. */
  poll: 5,
  /** A sleeper in the throttle is woken. Subject: the request. */
  gate: 6,
  /** A sleeper gives up. Subject: the request. */
  giveUp: 7,
  /** The growth worker's turn on the work queue. Subject: its job. */
  worker: 8,
  /** A polling task looks at its queue. Subject: the finished request. */
  reap: 9,
  /** An RCU grace period is over: memory of a transient pool is free. Subject: 0. */
  grace: 10,
  /** A sleeper in the page allocator tries again. Subject: the request. */
  memory: 11,
} as const;

/** One per simulation, handed to each of its parts. */
export interface World {
  /** Virtual time in whole ns. Only the simulation moves it. */
  nowNs: number;
  /** Events handled so far. */
  event: number;
  /** Who sees each search; null: nobody. */
  witness: Witness | null;
  readonly cpus: number;
  /** Which answer to a full pool the kernel has. */
  readonly facts: ModeFacts;
  /** The page allocator's door, on a machine that grows. */
  readonly pages: NotedPages | null;
  readonly growth: GrowthLog;
  /** `dma_alloc_*` is served from the pool (`ModeFacts.allocFromPool`). */
  readonly allocFromPool: boolean;
  readonly alarms: Alarms;
  /** What is drawn as it comes: places of buffers. Loads and services have streams of their own. */
  readonly chance: Chance;
  readonly seed: number;
  readonly costs: Costs;
  readonly memory: MemoryMap;
  readonly requests: Requests;
  readonly swiotlb: Swiotlb;
  /** The model's devices, by index in the scenario. */
  readonly dma: readonly DmaDevice[];
  readonly ledger: Ledger;
  readonly books: RunCosts;
  readonly locks: AreaLocks;
  readonly log: KernelLog;
  readonly throttle: ThrottleBook;
  /** Takes in every event and every chosen slot. */
  readonly hash: EventHash;
}

/** ns that a copy of `bytes` takes, whole. */
export function copyLengthNs(costs: Costs, bytes: number): number {
  return Math.round(costs.copyStartNs + bytes / costs.copyBytesPerNs);
}

/** ns to copy `bytes`, whole; entered as spent. */
export function copyNs({ costs, books }: World, bytes: number): number {
  const ns = copyLengthNs(costs, bytes);
  books.spent.copyNs += ns;
  return ns;
}

/** Keeps what the parts share; what only the devices have is `Devices.keep`'s. */
export function keepWorld(k: Keeper, world: World): void {
  world.nowNs = k.value(world.nowNs);
  world.event = k.value(world.event);
  // Pools first: others refer to them.
  world.swiotlb.keep(k);
  world.pages?.keep(k);
  world.growth.keep(k);
  world.alarms.keep(k);
  world.chance.keep(k);
  world.requests.keep(k);
  world.ledger.keep(k);
  world.books.keep(k);
  world.locks.keep(k);
  world.log.keep(k);
  world.throttle.keep(k);
  world.hash.keep(k);
}
