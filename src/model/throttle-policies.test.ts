import { describe, expect, it } from 'vitest';
import { GatedMachine } from '../testing/gated-machine.ts';
import { POLICY_IDS, THROTTLE_POLICIES, type PolicyId } from './throttle-policies.ts';
import { FAILED } from './units.ts';

/** A machine with a mapping of each size given, and the addresses of those. */
function filled(policy: PolicyId, slots: readonly number[], dynamic = false) {
  const machine = new GatedMachine(policy, { dynamic });
  const tlbs = slots.map((count) => machine.map(count));
  const unmap = (mapping: number) => machine.unmap(tlbs[mapping] ?? FAILED);
  return { machine, throttle: machine.throttle, unmap };
}

/** Maps for a throttled request that was let in, and unmaps at once. @returns whom that woke. */
function passThrough(machine: GatedMachine, slots: number): readonly number[] {
  return machine.unmap(machine.map(slots, { throttled: true }));
}

describe('every policy', () => {
  it.each(POLICY_IDS)('is found by its name: %s', (policy) => {
    expect(THROTTLE_POLICIES[policy].id).toBe(policy);
  });

  it.each(POLICY_IDS.filter((policy) => policy !== 'none'))(
    'throttles above high and not at it: %s',
    (policy) => {
      const { throttle } = new GatedMachine(policy);
      expect([throttle.decide(70), throttle.decide(71)]).toEqual(['none', 'high']);
    },
  );

  it('has nobody give up waiting but timeout-grow', () => {
    const impatient = POLICY_IDS.filter((policy) => THROTTLE_POLICIES[policy].timesOut);
    expect(impatient).toEqual(['timeout-grow']);
  });
});

describe('none', () => {
  it('throttles nobody in a full pool', () => {
    const { machine, throttle } = filled('none', [100]);
    expect(machine.arrive(1)).toBe('free');
    expect([throttle.isOn, throttle.highThrottleCount]).toEqual([false, 0]);
  });
});

describe('the low threshold', () => {
  it('makes a newcomer queue behind those who sleep', () => {
    const { machine, unmap } = filled('rfc', [66, 6]);
    machine.arrive(1);
    machine.arrive(2);
    unmap(1);
    expect([machine.mem.used, machine.arrive(3)]).toEqual([66, 'asleep']);
    expect(machine.asleep).toEqual([2, 3]);
  });

  it('is not looked at by rfc-high-only: a newcomer overtakes', () => {
    const { machine, unmap } = filled('rfc-high-only', [66, 6]);
    machine.arrive(1);
    machine.arrive(2);
    unmap(1);
    expect(machine.arrive(3)).toBe('free');
    expect(machine.asleep).toEqual([2]);
    expect(machine.throttle.lowThrottleCount).toBe(0);
  });

  it('equal to high lets a newcomer overtake under rfc too', () => {
    const { machine, throttle, unmap } = filled('rfc', [66, 6]);
    throttle.lowThrottle = throttle.highThrottle;
    machine.arrive(1);
    machine.arrive(2);
    unmap(1);
    expect(machine.arrive(3)).toBe('free');
  });
});

describe('wake-below', () => {
  it('loses the second of two sleepers', () => {
    const { machine, unmap } = filled('wake-below', [60, 12]);
    expect([machine.arrive(1), machine.arrive(2)]).toEqual(['asleep', 'asleep']);
    expect(unmap(1)).toEqual([1]);
    expect(machine.resume(1)).toBe(true);
    // From 62 slots to 60: both below the threshold of 65, so nothing is crossed.
    expect(passThrough(machine, 2)).toEqual([]);
    expect(unmap(0)).toEqual([]);
    expect([machine.mem.used, machine.asleep]).toEqual([0, [2]]);
  });

  it('loses it also when the threshold is crossed again: the flag was cleared', () => {
    const { machine, throttle, unmap } = filled('wake-below', [64, 8]);
    machine.arrive(1);
    machine.arrive(2);
    expect([throttle.flag, unmap(1), throttle.flag]).toEqual([true, [1], false]);
    expect(passThrough(machine, 4)).toEqual([]);
    expect(machine.asleep).toEqual([2]);
  });

  it('raises the count when nobody sleeps yet, for one who comes late', () => {
    const { machine, throttle } = filled('wake-below', []);
    throttle.flag = true;
    machine.unmap(machine.map(66));
    expect(throttle.semCount).toBe(1);
    expect([machine.arrive(1, 80), machine.arrive(2, 80)]).toEqual(['in', 'asleep']);
    expect([throttle.semCount, throttle.flag]).toEqual([0, true]);
  });

  it('wakes at the low threshold itself, from above it only', () => {
    const { machine, throttle, unmap } = filled('wake-below', [60, 5, 1, 5]);
    machine.arrive(1);
    expect([unmap(3), throttle.flag]).toEqual([[], true]);
    expect([unmap(2), machine.mem.used]).toEqual([[1], 65]);
    machine.arrive(2, 71);
    expect(unmap(1)).toEqual([]);
  });

  it('loses nobody of the same two when the rule is the one of the RFC', () => {
    const { machine, throttle, unmap } = filled('rfc', [60, 12]);
    expect([1, 2, 3].map((ticket) => machine.arrive(ticket))).toEqual(['in', 'asleep', 'asleep']);
    unmap(1);
    expect([1, 2, 3].map(() => passThrough(machine, 2))).toEqual([[2], [3], []]);
    expect([machine.asleep, throttle.semCount]).toEqual([[], 1]);
  });
});

describe('wake-any', () => {
  it('lets one go for every unmap, however little that freed, until a map fails', () => {
    const { machine, unmap } = filled('wake-any', [76, 1, 1, 1]);
    for (const ticket of [1, 2, 3]) expect(machine.arrive(ticket)).toBe('asleep');
    const tlbs = [1, 2, 3].map((mapping) => {
      expect(unmap(mapping)).toEqual([mapping]);
      return machine.map(10, { throttled: true });
    });
    expect(tlbs.map((tlb) => tlb === FAILED)).toEqual([false, false, true]);
    expect(machine.mem.hiwater).toBeGreaterThan(95);
  });

  it('has nobody fail in the same place when the rule is the one of the RFC', () => {
    const { machine, unmap } = filled('rfc', [76, 1, 1, 1]);
    for (const ticket of [1, 2, 3]) machine.arrive(ticket);
    machine.map(10, { throttled: true });
    expect([1, 2, 3].map(unmap)).toEqual([[], [], []]);
    expect(machine.asleep).toEqual([2, 3]);
  });

  it('lets nobody in on arrival, though nobody is inside', () => {
    const { machine } = filled('wake-any', [71]);
    expect(machine.arrive(1)).toBe('asleep');
  });

  it('keeps nothing for who comes after the unmap', () => {
    const { machine, throttle } = filled('wake-any', [72, 8]);
    const { used } = machine.mem;
    machine.unmap(machine.map(4));
    expect(machine.arrive(1, used)).toBe('asleep');
    expect(throttle.semCount).toBe(0);
  });
});

describe('wake-any, where unmaps end', () => {
  it('lets the others sleep when the one it woke finds no room', () => {
    const { machine, unmap } = filled('wake-any', [80]);
    machine.arrive(1);
    machine.arrive(2);
    expect(unmap(0)).toEqual([1]);
    expect(machine.map(101, { throttled: true })).toBe(FAILED);
    expect([machine.mem.used, machine.throttle.woken, machine.asleep]).toEqual([0, [], [2]]);
  });
});

describe('wake-any-above', () => {
  it('lets one go while use is above high, and nobody once it is at it', () => {
    const { machine, unmap } = filled('wake-any-above', [60, 10, 5, 5]);
    for (const ticket of [1, 2, 3]) machine.arrive(ticket);
    expect([unmap(3), machine.mem.used]).toEqual([[1], 75]);
    expect([unmap(2), machine.mem.used]).toEqual([[], 70]);
  });

  it('lets the others sleep in an empty pool', () => {
    const { machine, unmap } = filled('wake-any-above', [60, 20]);
    machine.arrive(1);
    machine.arrive(2);
    expect([unmap(1), unmap(0)]).toEqual([[], []]);
    expect([machine.mem.used, machine.asleep]).toEqual([0, [1, 2]]);
  });
});

describe('wake-all', () => {
  it('wakes everybody at the crossing, first come first', () => {
    const { machine, unmap } = filled('wake-all', [65, 15]);
    for (const ticket of [4, 1, 3]) machine.arrive(ticket);
    expect(unmap(1)).toEqual([4, 1, 3]);
    expect(machine.asleep).toEqual([]);
  });

  it('sends who comes too late to the end, behind those who came meanwhile', () => {
    const { machine, unmap } = filled('wake-all', [64, 16]);
    for (const ticket of [1, 2, 3]) machine.arrive(ticket);
    unmap(1);
    expect(machine.resume(1)).toBe(true);
    machine.map(8, { throttled: true });
    expect(machine.arrive(4)).toBe('asleep');
    expect([machine.resume(2), machine.resume(3)]).toEqual([false, false]);
    expect(machine.asleep).toEqual([4, 2, 3]);
  });

  it('lets all go on who find the use at high or below', () => {
    const { machine, unmap } = filled('wake-all', [60, 12]);
    machine.arrive(1);
    machine.arrive(2);
    unmap(1);
    expect([machine.resume(1), machine.map(10) === FAILED, machine.resume(2)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('wakes nobody where low stands above high and use never rose to it', () => {
    const { machine, throttle, unmap } = filled('wake-all', [80]);
    throttle.lowThrottle = 90;
    machine.arrive(1);
    expect([unmap(0), machine.asleep]).toEqual([[], [1]]);
  });
});

describe('timeout-grow', () => {
  it('wakes one when there is room, at high or below', () => {
    const { machine, unmap } = filled('timeout-grow', [60, 10, 1, 1]);
    machine.arrive(1);
    machine.arrive(2);
    expect([unmap(3), machine.mem.used]).toEqual([[], 71]);
    expect([unmap(2), machine.mem.used]).toEqual([[1], 70]);
    expect(machine.asleep).toEqual([2]);
  });

  it('has who was placed pass the word on while there is room', () => {
    const { machine, throttle, unmap } = filled('timeout-grow', [60, 12]);
    for (const ticket of [1, 2, 3]) machine.arrive(ticket);
    expect(unmap(1)).toEqual([1]);
    machine.map(8, { throttled: true });
    expect(throttle.woken).toEqual([2]);
    machine.map(4, { throttled: true });
    expect([machine.mem.used, throttle.woken, machine.asleep]).toEqual([72, [], [3]]);
  });

  it('has who failed pass the word on too', () => {
    const { machine, throttle, unmap } = filled('timeout-grow', [60, 12]);
    machine.arrive(1);
    machine.arrive(2);
    unmap(1);
    expect(machine.map(60, { throttled: true })).toBe(FAILED);
    expect(throttle.woken).toEqual([2]);
  });

  it('sends who finds the use high again to the front', () => {
    const { machine, unmap } = filled('timeout-grow', [60, 12]);
    machine.arrive(1);
    machine.arrive(2);
    unmap(1);
    machine.map(20);
    expect([machine.resume(1), machine.asleep]).toEqual([false, [1, 2]]);
  });

  it('lets a sleeper give up, from any place, but not one who was woken', () => {
    const { machine, throttle, unmap } = filled('timeout-grow', [60, 12]);
    for (const ticket of [1, 2, 3]) machine.arrive(ticket);
    expect([throttle.leave(2), throttle.leave(2), machine.asleep]).toEqual([true, false, [1, 3]]);
    expect([unmap(1), throttle.leave(1)]).toEqual([[1], false]);
  });

  it('serves who gave up from a pool made for it', () => {
    const { machine, throttle } = filled('timeout-grow', [100], true);
    expect([machine.arrive(1), throttle.leave(1)]).toEqual(['asleep', true]);
    const grown = machine.swiotlb.grow();
    expect(machine.map(4, { throttled: true })).toBe(grown?.base);
    expect(machine.swiotlb.outcome.transient).toBe(false);
    expect([throttle.highThrottle, machine.mem.nslabs]).toEqual([70, 200]);
  });

  it('makes room of the old size only: high does not grow with the pools', () => {
    const { machine } = filled('timeout-grow', [100], true);
    machine.swiotlb.grow();
    expect([machine.mem.used, machine.arrive(1)]).toEqual([100, 'asleep']);
  });
});
