/** What the parts of a simulation share, as it is at virtual time 0. */
import { Alarms } from './alarms.ts';
import { AreaLocks } from './area-locks.ts';
import { Chance } from './chance.ts';
import type { Costs } from './costs.ts';
import { EventHash } from './event-hash.ts';
import { GrowthLog } from './growth-log.ts';
import { KernelLog } from './kernel-log.ts';
import { Ledger } from './ledger.ts';
import type { Machine } from './machine.ts';
import { Requests } from './requests.ts';
import { RunCosts } from './run-costs.ts';
import { throttleOf, type Scenario } from './scenario.ts';
import { ThrottleBook } from './throttle-book.ts';
import type { World } from './world.ts';

const NS_PER_MS = 1e6;

/** The world of a booted machine, before anything has happened. */
export function makeWorld(scenario: Scenario, machine: Machine, costs: Costs): World {
  const { cpus } = scenario.machine;
  const { swiotlb, memory, pages, dma, facts, plainSlots } = machine;
  const { starvedMs } = throttleOf(scenario);
  const ledger = new Ledger(swiotlb, scenario.devices.length);
  // Restricted pools are their device's from the start; one that several share is nobody's.
  for (const pool of swiotlb.pools) {
    const users = dma.flatMap(({ mem }, device) => (mem.head === pool ? [device] : []));
    const isOwn = pool.kind === 'restricted' && users.length === 1;
    ledger.record(pool, 0, isOwn ? users[0] : -1);
  }
  return {
    nowNs: 0,
    event: 0,
    witness: null,
    cpus,
    facts: machine.facts,
    pages,
    growth: new GrowthLog(),
    allocFromPool: facts.allocFromPool,
    books: new RunCosts(swiotlb, pages?.guest ?? null, plainSlots),
    alarms: new Alarms(),
    chance: new Chance(scenario.seed),
    seed: scenario.seed,
    costs,
    memory,
    requests: new Requests(),
    swiotlb,
    dma,
    ledger,
    locks: new AreaLocks(cpus),
    log: new KernelLog(),
    throttle: new ThrottleBook(Math.round(starvedMs * NS_PER_MS)),
    hash: new EventHash(),
  };
}
