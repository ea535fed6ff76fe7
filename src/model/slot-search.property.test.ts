import fc from 'fast-check';
import { expect, it } from 'vitest';
import { literalSearch } from '../testing/literal-search.ts';
import { NO_DEMANDS } from './device.ts';
import { FastTable } from './fast-table.ts';
import { ReferenceTable } from './reference-table.ts';
import { SearchTerms } from './search-terms.ts';

const SEARCHES = process.env['BOUNCESCOPE_SOAK'] === '1' ? 500_000 : 8000;

const lowMask = (min: number, max: number) => fc.integer({ min, max }).map((bits) => 2 ** bits - 1);

/** An area somewhere in a pool, with runs in use, and a request for it. */
const searches = fc
  .record({
    areaSlots: fc.integer({ min: 1, max: 400 }),
    areaStart: fc.integer({ min: 0, max: 300 }),
    behind: fc.integer({ min: 0, max: 200 }),
    indexShare: fc.double({ min: 0, max: 0.999, noNaN: true }),
    runs: fc.array(fc.tuple(fc.nat(900), fc.integer({ min: 1, max: 40 })), { maxLength: 60 }),
    basePage: fc.oneof(fc.nat(600), fc.integer({ min: 2 ** 30, max: 2 ** 39 })),
    orig: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 ** 48 })),
    total: fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 262_144 })),
    allocAlignMask: fc.oneof(fc.constant(0), lowMask(0, 20)),
    minAlignMask: fc.oneof(fc.constant(0), fc.constant(4095), lowMask(0, 20)),
    segBoundary: fc.oneof(fc.constant(Infinity), lowMask(9, 40)),
  })
  .map((draw) => ({ ...draw, nslabs: draw.areaStart + draw.areaSlots + draw.behind }));

type Search = typeof searches extends fc.Arbitrary<infer Value> ? Value : never;

/** Takes the drawn runs where they are free and inside one segment. */
function fill(table: FastTable | ReferenceTable, { runs }: Search): void {
  for (const [at, slots] of runs) {
    const slot = at % table.nslabs;
    if (table.list(slot) >= slots) table.claim(slot, slots, slots * 2048, 0);
  }
}

it('both slot tables find what the kernel’s own masks and loop find, and look as long', () => {
  fc.assert(
    fc.property(searches, (draw) => {
      const { orig, total, allocAlignMask, minAlignMask, segBoundary, areaStart, areaSlots } = draw;
      const index = Math.floor(draw.indexShare * areaSlots);
      const base = draw.basePage * 4096;
      const terms = new SearchTerms();
      terms.ask({ ...NO_DEMANDS, minAlignMask, segBoundary }, orig, total, allocAlignMask);
      terms.aim(base, segBoundary);
      const answers = [FastTable, ReferenceTable].map((Table) => {
        const table = new Table(draw.nslabs);
        fill(table, draw);
        const slot = table.find(areaStart, areaSlots, index, terms);
        return { slot, probes: table.probes };
      });
      const filled = new ReferenceTable(draw.nslabs);
      fill(filled, draw);
      const list = (slot: number) => filled.list(slot);
      const literal = literalSearch(
        { base: BigInt(base), areaStart, areaSlots, index, list },
        {
          orig: BigInt(orig),
          total: BigInt(total),
          allocAlignMask: BigInt(allocAlignMask),
          minAlignMask: BigInt(minAlignMask),
          segBoundary: segBoundary === Infinity ? 2n ** 64n - 1n : BigInt(segBoundary),
        },
      );
      expect(answers).toEqual([literal, literal]);
    }),
    { numRuns: SEARCHES },
  );
}, 3_600_000);
