import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sameStamp, Stamps, type Stamp } from './stamps.ts';

const WIDTH = 12;
const HEIGHT = 8;

function target() {
  const pixels = Uint32Array.from({ length: WIDTH * HEIGHT }, (_, index) => index);
  return { pixels, widthPx: WIDTH, heightPx: HEIGHT };
}

const MARK = 1000;

/** The target as rows, `#` where a mark is. */
function rows(stamp: Stamp): string[] {
  const canvas = target();
  new Stamps().press(canvas, [stamp]);
  return Array.from({ length: HEIGHT }, (_, y) =>
    Array.from(canvas.pixels.subarray(y * WIDTH, (y + 1) * WIDTH), (pixel) =>
      pixel === MARK ? '#' : '.',
    ).join(''),
  );
}

it('a pointer points right, its tip in the middle', () => {
  const box = { x: 1, y: 1, width: 3, height: 5 };
  expect(rows({ kind: 'pointer', colour: MARK, box }).slice(1, 6)).toEqual([
    '.#..........',
    '.##.........',
    '.###........',
    '.##.........',
    '.#..........',
  ]);
});

it('a frame leaves its inside alone', () => {
  const box = { x: 2, y: 2, width: 6, height: 4 };
  const frame = { kind: 'frame', colour: MARK, box, thick: 1, dash: 0 } as const;
  expect(rows(frame).slice(2, 6)).toEqual([
    '..######....',
    '..#....#....',
    '..#....#....',
    '..######....',
  ]);
  expect(rows({ ...frame, dash: 2 })[2]).toBe('..##..##....');
});

it('a box is cut where the target ends', () => {
  const box = { x: -2, y: 6, width: 4, height: 9 };
  expect(rows({ kind: 'box', colour: MARK, box }).slice(5)).toEqual([
    '............',
    '##..........',
    '##..........',
  ]);
});

const anyBox = fc.record({
  x: fc.integer({ min: -6, max: WIDTH }),
  y: fc.integer({ min: -6, max: HEIGHT }),
  width: fc.integer({ min: 0, max: 14 }),
  height: fc.integer({ min: 0, max: 14 }),
});
const anyStamp: fc.Arbitrary<Stamp> = fc.oneof(
  fc.record({ kind: fc.constantFrom('box', 'pointer'), box: anyBox, colour: fc.constant(MARK) }),
  fc.record({
    kind: fc.constant('frame'),
    box: anyBox,
    colour: fc.constant(MARK),
    thick: fc.integer({ min: 1, max: 3 }),
    dash: fc.integer({ min: 0, max: 3 }),
  }),
);

it('marks lifted give the bare rows back, however they overlap', () => {
  fc.assert(
    fc.property(fc.array(anyStamp, { maxLength: 9 }), (stamps) => {
      const canvas = target();
      const marks = new Stamps();
      marks.press(canvas, stamps);
      marks.lift(canvas);
      expect(canvas.pixels).toEqual(target().pixels);
    }),
  );
});

it('marks differ by place, colour and dash', () => {
  const box = { x: 0, y: 0, width: 3, height: 3 };
  const frame = { kind: 'frame', colour: MARK, box, thick: 1, dash: 0 } as const;
  expect(sameStamp(frame, { ...frame, box: { ...box } })).toBe(true);
  expect(sameStamp(frame, { ...frame, dash: 4 })).toBe(false);
  expect(sameStamp(frame, { ...frame, box: { ...box, x: 1 } })).toBe(false);
  expect(sameStamp(frame, { kind: 'box', colour: MARK, box })).toBe(false);
});
