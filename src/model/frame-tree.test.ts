/** Ranges of page frames: against a list that is searched from one end to the other. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameTree, NODE_SLOTS } from './frame-tree.ts';

type Range = { readonly pfn: number; readonly pages: number; readonly value: number };

interface Step {
  readonly what: 'add' | 'find' | 'remove';
  readonly pfn: number;
  readonly pages: number;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('add' as const, 'find' as const, 'remove' as const),
  pfn: fc.nat(60),
  pages: fc.integer({ min: 1, max: 6 }),
});

/** The same by looking at every range. */
class RangeList {
  #ranges: Range[] = [];

  get size(): number {
    return this.#ranges.length;
  }

  add(pfn: number, pages: number, value: number): void {
    if (this.#ranges.some((one) => one.pfn < pfn + pages && pfn < one.pfn + one.pages)) {
      throw new RangeError('taken');
    }
    this.#ranges.push({ pfn, pages, value });
  }

  find(at: number): number {
    return this.#ranges.find(({ pfn, pages }) => at >= pfn && at < pfn + pages)?.value ?? -1;
  }

  remove(at: number): number {
    const value = this.find(at);
    this.#ranges = this.#ranges.filter((range) => range.value !== value);
    return value;
  }
}

/** What a step comes to, a refusal included. */
function done(tree: FrameTree | RangeList, step: Step, value: number): number | 'refused' {
  const { what, pfn, pages } = step;
  if (what === 'find') return tree.find(pfn);
  if (what === 'remove') return tree.remove(pfn);
  try {
    tree.add(pfn, pages, value);
    return value;
  } catch (error) {
    if (error instanceof RangeError) return 'refused';
    throw error;
  }
}

test('the tree answers as a list of ranges does', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const tree = new FrameTree();
      const list = new RangeList();
      for (const [value, one] of steps.entries()) {
        expect(done(tree, one, value)).toBe(done(list, one, value));
        expect(tree.size).toBe(list.size);
      }
    }),
  );
});

test('an empty tree has no level, and sixteen times as many ranges take one more', () => {
  const tree = new FrameTree();
  expect(tree.levels).toBe(0);
  const levels = new Map<number, number>();
  for (let pfn = 0; pfn < 300; pfn++) {
    tree.add(pfn, 1, pfn);
    levels.set(tree.size, tree.levels);
  }
  expect([1, 15, NODE_SLOTS, 255, 256].map((size) => levels.get(size))).toEqual([1, 1, 2, 2, 3]);
});
