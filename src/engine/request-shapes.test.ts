import { expect, test } from 'vitest';
import { Chance } from './chance.ts';
import { MemoryMap } from './memory-map.ts';
import { RequestShapes, type ShapeLimits } from './request-shapes.ts';
import { MAX_SEGMENTS, Requests } from './requests.ts';

const LIMITS: ShapeLimits = {
  maxSegmentBytes: 262_144,
  maxSegments: 126,
  highMemoryShare: 0,
  contiguity: 1,
};

interface Segment {
  readonly address: number;
  readonly bytes: number;
  readonly direction: number;
}

function shapes(seed = 5) {
  const requests = new Requests();
  const chance = new Chance(seed);
  const shape = new RequestShapes(requests, new MemoryMap(1024), chance);
  const row = () => {
    const request = requests.take();
    requests.count[request] = 0;
    requests.reads[request] = 1;
    return request;
  };
  const segments = (request: number): Segment[] =>
    Array.from({ length: requests.count[request] ?? 0 }, (_, index) => {
      const at = request * MAX_SEGMENTS + index;
      return {
        address: requests.segmentAddress[at] ?? 0,
        bytes: requests.segmentBytes[at] ?? 0,
        direction: requests.segmentDirection[at] ?? 0,
      };
    });
  return { requests, shape, row, segments };
}

const total = (segments: readonly Segment[]) => segments.reduce((sum, { bytes }) => sum + bytes, 0);

test('a contiguous buffer is one piece', () => {
  const { shape, row, segments } = shapes();
  const request = row();
  expect(shape.addBuffer(request, 131_072, LIMITS)).toBe(131_072);
  expect(segments(request).map(({ bytes }) => bytes)).toEqual([131_072]);
});

test('a scattered buffer is a list of pages that add up to it', () => {
  const { shape, row, segments } = shapes();
  for (let round = 0; round < 50; round++) {
    const request = row();
    expect(shape.addBuffer(request, 131_072, { ...LIMITS, contiguity: 0 })).toBe(131_072);
    const list = segments(request);
    expect(total(list)).toBe(131_072);
    expect(list.length).toBeGreaterThanOrEqual(32);
    expect(list.every(({ bytes }) => bytes <= 4096)).toBe(true);
    expect(list.every(({ direction }) => direction === 2)).toBe(true);
    expect(list.slice(1).every(({ address }) => address % 4096 === 0)).toBe(true);
  }
});

test('what does not fit the longest list is left to a further request', () => {
  const { shape, row, segments } = shapes();
  const request = row();
  const fitted = shape.addBuffer(request, 1_048_576, { ...LIMITS, contiguity: 0 });
  expect(segments(request)).toHaveLength(126);
  expect(fitted).toBe(total(segments(request)));
  expect(fitted).toBeLessThan(1_048_576);
});

test('no piece is longer than the device takes', () => {
  const { shape, row, segments } = shapes();
  const request = row();
  shape.addBuffer(request, 1_048_576, LIMITS);
  expect(segments(request).map(({ bytes }) => bytes)).toEqual([262_144, 262_144, 262_144, 262_144]);
});

test('virtio-blk maps header, data, status and indirect table, as the recordings show', () => {
  const { shape, row, segments } = shapes();
  const request = row();
  shape.addVirtioBlock(request, 262_144, LIMITS);
  const list = segments(request);
  expect(list.map(({ bytes, direction }) => [bytes, direction])).toEqual([
    [16, 1],
    [262_144, 2],
    [1, 2],
    [48, 1],
  ]);
  expect((list[2]?.address ?? 0) - (list[0]?.address ?? 0)).toBe(16);
});

test('the longest virtio-blk list still fits the request table', () => {
  const { shape, row, segments } = shapes();
  const request = row();
  shape.addVirtioBlock(request, 1_048_576, { ...LIMITS, contiguity: 0 });
  expect(segments(request)).toHaveLength(129);
  expect(129).toBeLessThanOrEqual(MAX_SEGMENTS);
});

test('a small packet is one piece, a large one a head and up to 17 fragments', () => {
  const { shape, row, segments } = shapes();
  const limits = { ...LIMITS, maxSegmentBytes: 4096, maxSegments: 17 };
  const small = row();
  shape.addPacket(small, 1514, limits);
  expect(segments(small).map(({ bytes }) => bytes)).toEqual([1514]);
  const large = row();
  shape.addPacket(large, 65_226, limits);
  const list = segments(large);
  expect(list).toHaveLength(17);
  expect(total(list)).toBe(65_226);
  expect(list.every(({ direction }) => direction === 1)).toBe(true);
});

test('buffers below a sector begin inside a page and do not cross it', () => {
  const { shape, row, segments } = shapes();
  for (let round = 0; round < 200; round++) {
    const request = row();
    shape.addBuffer(request, 80, LIMITS);
    const [{ address, bytes } = { address: 0, bytes: 0 }] = segments(request);
    expect((address % 4096) + bytes).toBeLessThanOrEqual(4096);
    expect(address % 16).toBe(0);
  }
});
