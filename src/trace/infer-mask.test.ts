import { expect, it } from 'vitest';
import { bytesOfLines, headerLine, mapLine } from '../testing/recording-text.ts';
import { readRecording } from './recording-check.ts';

const WIDEST = ', the widest a driver sets, though its maps agree in more bits';

/** Infers the mask of a device that has none from pairs of original and bounce addresses. */
async function inferred(pairs: readonly (readonly [orig: number, ret: number | null])[]) {
  const maps = pairs.map(([orig, ret], index) =>
    mapLine(index, null, [], {
      orig: `0x${orig.toString(16)}`,
      ret: ret === null ? null : `0x${ret.toString(16)}`,
    }),
  );
  const header = headerLine({ devices: [{ id: 0, name: 'disk' }] });
  const { devices, remarks } = await readRecording(bytesOfLines([header, ...maps]));
  const mask = devices[0]?.minAlignMask;
  const more = mask === 65_535 ? WIDEST : '';
  expect(remarks).toEqual([`min_align_mask of disk inferred: ${mask}${more}`]);
  return devices[0]?.minAlignMask;
}

it('is 0 when every bounce address starts a slot', async () => {
  expect(
    await inferred([
      [0x1_0000_0123, 0x3e00_0800],
      [0x1_0000_0456, 0x3e00_1000],
    ]),
  ).toBe(0);
});

it('is the widest mask on which original and bounce address agree throughout', async () => {
  expect(
    await inferred([
      [0x1_0000_0123, 0x3e00_1123],
      [0x1_0000_3456, 0x3e00_0456],
    ]),
  ).toBe(4095);
  expect(
    await inferred([
      [0x1_0000_0123, 0x3e00_0123],
      [0x1_0000_0656, 0x3e00_0056],
    ]),
  ).toBe(511);
});

it('compares addresses above 2^32 and with the top bit of 32 set', async () => {
  expect(await inferred([[0xf_8000_0123, 0x9_0000_1123]])).toBe(4095);
});

it('is at most 65535 however little there is to see, and ignores failures', async () => {
  expect(
    await inferred([
      [0x1_0000_0123, 0x1_0000_0123],
      [0x1_0000_0fff, null],
    ]),
  ).toBe(65_535);
});
