/** Sessions of every kind, for tests of what writes and reads them. */
import fc from 'fast-check';
import { COLOUR_MODES } from '../engine/frame.ts';
import { GROWTH_MODES } from '../engine/growth-mode.ts';
import { DEVICE_CONTROLS, type Scenario } from '../engine/scenario.ts';
import type { Change, JournalEntry } from '../engine/simulation.ts';
import { POLICY_IDS } from '../model/throttle-policies.ts';

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constant('device' as const),
    device: fc.nat(11),
    control: fc.constantFrom(...DEVICE_CONTROLS),
    value: fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value + 0),
  }),
  fc.record({
    kind: fc.constant('write' as const),
    file: fc.constantFrom('high_throttle', 'low_throttle', '/proc/sys/kernel/dma/x'),
    text: fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .map((text) => text.replace(/\p{Cc}/gu, '')),
  }),
);

/** Changes in order, and a moment that is not before the last. */
export const record = fc
  .array(fc.record({ change, events: fc.nat(10_000), ns: fc.nat(1_000_000) }), { maxLength: 60 })
  .chain((steps) => fc.record({ steps: fc.constant(steps), events: fc.nat(1e6), ns: fc.nat(1e6) }))
  .map(({ steps, events, ns }) => {
    const at = { event: 0, timeNs: 0 };
    const journal: JournalEntry[] = steps.map((step) => {
      at.event += step.events;
      at.timeNs += step.ns;
      return { ...at, change: step.change };
    });
    return { journal, event: at.event + events, timeNs: at.timeNs + ns };
  });

const beside = fc.oneof(
  fc.constant(null),
  fc.record({ kind: fc.constant('policy' as const), policy: fc.constantFrom(...POLICY_IDS) }),
  fc.record({ kind: fc.constant('mode' as const), mode: fc.constantFrom(...GROWTH_MODES) }),
  fc.constant({ kind: 'recording' as const, name: 'stuck-1cpu' }),
);

export const view = fc.record({
  theme: fc.constantFrom('dark' as const, 'light' as const, 'projector' as const),
  colourMode: fc.constantFrom(...COLOUR_MODES),
  railTab: fc.constantFrom('usage' as const, 'machine' as const),
  hidden: fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,12}$/), { maxLength: 6 }),
  dial: fc.integer({ min: 0, max: 20 }).map((step) => step / 4),
  tableOpen: fc.boolean(),
  logOpen: fc.boolean(),
  beside,
});

const hex = fc.stringMatching(/^[0-9a-f]{16}-[0-9a-f]{16}$/);

/** Sessions of the scenarios given, each with something changed or nothing. */
export function sessions(shipped: readonly Scenario[]) {
  return fc.record({
    scenario: fc
      .record({
        base: fc.constantFrom(...shipped),
        part: fc.record(
          {
            seed: fc.nat(2 ** 31),
            title: fc.stringMatching(/^[A-Za-z ]{1,30}$/),
            id: fc.constant('made-by-hand'),
          },
          { requiredKeys: [] },
        ),
      })
      .map(({ base, part }) => ({ ...base, ...part })),
    record,
    hash: fc.oneof(fc.constant(''), hex),
    view,
    pinned: fc.oneof(fc.constant(null), fc.record({ pool: fc.nat(100), slot: fc.nat(2 ** 20) })),
  });
}
