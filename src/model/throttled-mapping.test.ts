import { describe, expect, it } from 'vitest';
import { GatedMachine } from '../testing/gated-machine.ts';
import { NO_DEMANDS } from './device.ts';
import { SLOT_BYTES } from './geometry.ts';
import type { Pool } from './pool.ts';
import { POLICY_IDS, type PolicyId } from './throttle-policies.ts';

/** Slots of a pool that say that a throttled mapping begins there. */
function flagged(pool: Pool | null): number[] {
  if (pool === null) throw new RangeError('there is no pool to look at');
  return [...pool.throttled.keys()].filter((slot) => pool.throttled[slot] === 1);
}

/** Whether a driver is told that it may block on such a machine. */
function toldToBlock(policy: PolicyId, forceBounce: boolean): boolean {
  const { swiotlb, device } = new GatedMachine(policy, { forceBounce });
  return swiotlb.recommendMayBlock(device);
}

describe('the mark of a throttled mapping', () => {
  it('stands on its first slot, and only there', () => {
    const machine = new GatedMachine('rfc');
    machine.map(4);
    const tlb = machine.map(6, { throttled: true });
    machine.map(4);
    expect(flagged(machine.mem.head)).toEqual([4]);
    expect(machine.swiotlb.outcome.throttled).toBe(false);
    machine.unmap(tlb);
    expect(machine.swiotlb.releasing.throttled).toBe(true);
    expect(flagged(machine.mem.head)).toEqual([]);
  });

  it('stands behind the padding', () => {
    const machine = new GatedMachine('rfc', { demands: { minAlignMask: 8191 } });
    const tlb = machine.map(1, { throttled: true, orig: 2 ** 32 + 3 * SLOT_BYTES, align: 8191 });
    expect(machine.swiotlb.outcome).toMatchObject({ slot: 0, padSlots: 3, throttled: true });
    expect(flagged(machine.mem.head)).toEqual([3]);
    machine.unmap(tlb);
    expect(machine.swiotlb.releasing.throttled).toBe(true);
    expect(flagged(machine.mem.head)).toEqual([]);
  });

  it('goes with a transient pool, behind the padding there too', () => {
    const machine = new GatedMachine('rfc', { dynamic: true, demands: { minAlignMask: 4095 } });
    machine.map(100);
    expect([machine.arrive(1), machine.arrive(2)]).toEqual(['in', 'asleep']);
    const tlb = machine.map(1, { throttled: true, orig: 2 ** 32 + SLOT_BYTES, align: 4095 });
    expect(machine.swiotlb.outcome).toMatchObject({ transient: true, padSlots: 1 });
    expect(flagged(machine.swiotlb.outcome.pool)).toEqual([1]);
    expect(machine.unmap(tlb)).toEqual([2]);
    expect(machine.swiotlb.pools).toHaveLength(1);
  });

  it('is gone before the slot is used again', () => {
    const machine = new GatedMachine('rfc');
    machine.throttle.down();
    machine.unmap(machine.map(100, { throttled: true }));
    expect(machine.throttle.semCount).toBe(1);
    machine.unmap(machine.map(100));
    expect([machine.throttle.semCount, machine.swiotlb.releasing.throttled]).toEqual([1, false]);
  });
});

describe('who may block', () => {
  it('is told so only where throttling is configured and everything bounces', () => {
    expect(toldToBlock('rfc', true)).toBe(true);
    expect(toldToBlock('rfc', false)).toBe(false);
    expect(toldToBlock('none', true)).toBe(false);
  });

  it('is told so under every policy but none, and for restricted pools', () => {
    const told = POLICY_IDS.filter((policy) => {
      const { swiotlb } = new GatedMachine(policy, { forceBounce: false });
      const mem = swiotlb.addRestricted(2 ** 31, 100 * SLOT_BYTES);
      return swiotlb.recommendMayBlock(swiotlb.addDevice(NO_DEMANDS, mem));
    });
    expect(told).toEqual(POLICY_IDS.filter((policy) => policy !== 'none'));
  });
});

describe('a restricted pool', () => {
  it('has thresholds, a semaphore and counters of its own', () => {
    const machine = new GatedMachine('rfc');
    const mem = machine.swiotlb.addRestricted(2 ** 31, 50 * SLOT_BYTES + 100);
    const device = machine.swiotlb.addDevice(NO_DEMANDS, mem);
    expect([mem.throttle.highThrottle, mem.throttle.lowThrottle]).toEqual([35, 32]);
    machine.map(80);
    machine.arrive(1);
    machine.arrive(2);
    expect(mem.throttle).toMatchObject({ semCount: 1, highThrottleCount: 0 });
    expect(mem.throttle.decide(36)).toBe('high');
    expect(mem.throttle.enter(3)).toBe(true);
    const tlb = machine.map(4, { throttled: true, device });
    expect(machine.unmap(tlb, device)).toEqual([]);
    expect([mem.throttle.semCount, machine.throttle.semCount]).toEqual([1, 0]);
    expect(machine.asleep).toEqual([2]);
  });
});
