import { describe, expect, it } from 'vitest';
import { GatedMachine } from '../testing/gated-machine.ts';
import { SLOT_BYTES } from './geometry.ts';
import { defaultThreshold, HIGH_PERCENT, LOW_PERCENT, Throttle } from './throttle.ts';
import { FAILED } from './units.ts';

/** What a request that may block is told at this use, while the semaphore is free or held. */
function whyAt(used: number, high: number, low: number, held: boolean): string {
  const throttle = new Throttle('rfc');
  throttle.highThrottle = high;
  throttle.lowThrottle = low;
  if (held) throttle.down();
  return throttle.decide(used);
}

describe('the thresholds', () => {
  it.each([
    { nslabs: 32_768, high: 22_937, low: 21_299 },
    { nslabs: 1024, high: 716, low: 665 },
    { nslabs: 99, high: 69, low: 64 },
    { nslabs: 1, high: 0, low: 0 },
  ])('are 70 and 65 percent of $nslabs slots, rounded down', ({ nslabs, high, low }) => {
    const { throttle } = new GatedMachine('rfc', { nslabs });
    expect([throttle.highThrottle, throttle.lowThrottle]).toEqual([high, low]);
    expect(defaultThreshold(nslabs, HIGH_PERCENT)).toBe(high);
    expect(defaultThreshold(nslabs, LOW_PERCENT)).toBe(low);
  });

  it('stay where they are when pools are added later, larger ones too', () => {
    const { swiotlb, mem, throttle } = new GatedMachine('rfc', { dynamic: true });
    expect(swiotlb.grow()?.nslabs).toBe(100);
    swiotlb.addPool({ base: 2 ** 31, nslabs: 500, nareas: 1, kind: 'dynamic' });
    expect(mem.nslabs).toBe(700);
    expect([throttle.highThrottle, throttle.lowThrottle]).toEqual([70, 65]);
    expect(swiotlb.mem.initialNslabs).toBe(100);
  });

  it('throttle above high, not at it', () => {
    expect([whyAt(70, 70, 65, false), whyAt(71, 70, 65, false)]).toEqual(['none', 'high']);
  });

  it('throttle above low, not at it, and only while the semaphore is held', () => {
    expect([whyAt(65, 70, 65, true), whyAt(66, 70, 65, true)]).toEqual(['none', 'low']);
    expect([whyAt(66, 70, 65, false), whyAt(70, 70, 65, false)]).toEqual(['none', 'none']);
  });

  it('name high as the reason when both hold', () => {
    expect(whyAt(71, 70, 65, true)).toBe('high');
  });

  it('of 0 throttle all but the first slot', () => {
    expect([whyAt(0, 0, 0, true), whyAt(1, 0, 0, false)]).toEqual(['none', 'high']);
    expect([whyAt(0, 70, 0, true), whyAt(1, 70, 0, true)]).toEqual(['none', 'low']);
  });

  it('above the pool throttle nobody, however full it is', () => {
    expect([whyAt(100, 1000, 1000, false), whyAt(100, 1000, 1000, true)]).toEqual(['none', 'none']);
    expect(whyAt(100, 1000, 65, true)).toBe('low');
  });

  it('with low above high leave low nothing to say', () => {
    const told = [70, 71, 90, 91].map((used) => whyAt(used, 70, 90, true));
    expect(told).toEqual(['none', 'high', 'high', 'high']);
  });

  it('take effect in the middle of a run, for newcomers only', () => {
    const machine = new GatedMachine('rfc');
    machine.map(80);
    expect([machine.arrive(1), machine.arrive(2)]).toEqual(['in', 'asleep']);
    machine.throttle.highThrottle = 90;
    machine.throttle.lowThrottle = 90;
    expect(machine.arrive(3)).toBe('free');
    expect(machine.asleep).toEqual([2]);
  });
});

describe('the counters', () => {
  it('count requests by reason, whether they slept or not', () => {
    const machine = new GatedMachine('rfc');
    machine.map(68);
    expect(machine.arrive(1)).toBe('free');
    machine.map(4);
    expect([machine.arrive(2), machine.arrive(3)]).toEqual(['in', 'asleep']);
    expect([machine.arrive(4, 70), machine.arrive(5, 65)]).toEqual(['asleep', 'free']);
    expect(machine.throttle).toMatchObject({ highThrottleCount: 2, lowThrottleCount: 1 });
  });

  it('are not touched by requests that may not block, which may fill the pool', () => {
    const machine = new GatedMachine('rfc');
    machine.map(80);
    expect(machine.map(20)).not.toBe(FAILED);
    expect(machine.map(1)).toBe(FAILED);
    expect(machine.throttle).toMatchObject({ highThrottleCount: 0, lowThrottleCount: 0 });
    expect([machine.throttle.semCount, machine.throttle.woken]).toEqual([1, []]);
  });
});

describe('the semaphore', () => {
  it('lets one in and keeps the others in the order they came', () => {
    const machine = new GatedMachine('rfc');
    machine.map(71);
    const verdicts = [5, 3, 9, 4].map((ticket) => machine.arrive(ticket));
    expect(verdicts).toEqual(['in', 'asleep', 'asleep', 'asleep']);
    expect(machine.asleep).toEqual([3, 9, 4]);
    expect(machine.throttle.semCount).toBe(0);
  });

  it('goes from mapping to mapping, first come first served', () => {
    const machine = new GatedMachine('rfc');
    machine.map(71);
    for (const ticket of [1, 2, 3]) machine.arrive(ticket);
    const order: number[] = [];
    for (let next = [1]; next.length > 0;) {
      order.push(...next);
      next = [...machine.unmap(machine.map(2, { throttled: true }))];
    }
    expect(order).toEqual([1, 2, 3]);
    expect(machine.throttle.semCount).toBe(1);
  });

  it('is not passed on when use falls, only by the unmap of a throttled mapping', () => {
    const machine = new GatedMachine('rfc');
    const network = machine.map(80);
    machine.arrive(1);
    const slow = machine.map(2, { throttled: true });
    machine.arrive(2);
    expect(machine.unmap(network)).toEqual([]);
    expect([machine.mem.used, machine.asleep]).toEqual([2, [2]]);
    expect(machine.unmap(slow)).toEqual([2]);
  });

  it('belongs to who was woken, who looks at no threshold again', () => {
    const machine = new GatedMachine('rfc');
    machine.map(80);
    machine.arrive(1);
    const first = machine.map(2, { throttled: true });
    machine.arrive(2);
    machine.unmap(first);
    machine.map(20);
    expect(machine.throttle.semCount).toBe(0);
    expect(machine.resume(2)).toBe(true);
    expect(machine.throttle.highThrottleCount).toBe(2);
    expect([machine.asleep, machine.throttle.semCount]).toEqual([[], 0]);
  });

  it('is given back by a throttled map that fails', () => {
    const machine = new GatedMachine('rfc');
    machine.map(99);
    machine.arrive(1);
    machine.arrive(2);
    expect(machine.map(2, { throttled: true })).toBe(FAILED);
    expect([machine.throttle.woken, machine.throttle.semCount]).toEqual([[2], 0]);
    expect(machine.map(2, { throttled: true })).toBe(FAILED);
    expect([machine.throttle.woken, machine.throttle.semCount]).toEqual([[], 1]);
  });

  it('is given back once when a mapping turns out to be out of reach', () => {
    const machine = new GatedMachine('rfc', { demands: { dmaMask: 0xff_ffff } });
    machine.map(80);
    machine.arrive(1);
    machine.arrive(2);
    const tlb = machine.map(2, { throttled: true });
    expect(machine.swiotlb.checkReach(machine.device, tlb, 2 * SLOT_BYTES)).toBe(FAILED);
    expect([machine.throttle.woken, machine.throttle.semCount]).toEqual([[2], 0]);
  });

  it('passes on only when the whole of a list is free, its first entry last', () => {
    const machine = new GatedMachine('rfc');
    machine.map(80);
    machine.arrive(1);
    const list = [machine.map(2, { throttled: true }), machine.map(2), machine.map(2)] as const;
    machine.arrive(2);
    expect([machine.unmap(list[1]), machine.unmap(list[2])]).toEqual([[], []]);
    expect([machine.mem.used, machine.unmap(list[0])]).toEqual([82, [2]]);
  });

  it('is not reserved by a look at the use: all who looked in time pass', () => {
    const machine = new GatedMachine('rfc');
    machine.map(70);
    const { used } = machine.mem;
    expect([1, 2, 3].map((ticket) => machine.arrive(ticket, used))).toEqual([
      'free',
      'free',
      'free',
    ]);
    for (let map = 0; map < 3; map++) machine.map(8);
    expect(machine.mem.hiwater).toBe(94);
  });
});

describe('an allocator that goes away', () => {
  it('wakes everybody, lets all of them on and throttles nobody any more', () => {
    const machine = new GatedMachine('rfc');
    machine.map(80);
    for (const ticket of [1, 2, 3]) machine.arrive(ticket);
    machine.throttle.close();
    expect([machine.throttle.woken, machine.asleep]).toEqual([[2, 3], []]);
    expect([machine.resume(2), machine.resume(3)]).toEqual([true, true]);
    expect(machine.arrive(4)).toBe('free');
  });

  it('lets in who had been told to sleep but did not sleep yet', () => {
    const throttle = new Throttle('wake-all');
    expect(throttle.decide(1)).toBe('high');
    throttle.close();
    expect([throttle.enter(1), throttle.queue.length]).toEqual([true, 0]);
  });
});
