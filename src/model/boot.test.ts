import { describe, expect, it } from 'vitest';
import { adjustSize, encryptedGuestBytes, initAtBoot, readBootValues } from './boot.ts';
import { bootState, bootValues, readBootValue } from './boot-line.ts';

/** Boot memory that is nearly gone. */
const onlyOneMiB = (bytes: number) => (bytes > 2 ** 20 ? -1 : 2 ** 30);

/** Size, areas and words a list of `swiotlb=` values leaves behind. */
function read(...values: string[]) {
  const state = bootState();
  readBootValues(state, values);
  const { defaultNslabs: slots, defaultNareas: areas, force, noforce } = state;
  return { slots, areas, force, noforce };
}

describe('swiotlb=', () => {
  it.each([
    ['16384,force', 16_384, 0, true],
    [',force', 32_768, 0, true],
    [',,force', 32_768, 0, true],
    ['16384,4,force', 16_384, 4, true],
    ['16384force', 16_384, 0, true],
    [',4', 32_768, 4, false],
    ['force,16384', 32_768, 0, false],
    ['force ', 32_768, 0, false],
    [',,4', 32_768, 0, false],
    [' 4096', 32_768, 0, false],
    ['-1', 32_768, 0, false],
    ['+4096', 32_768, 0, false],
    ['4096 force', 4096, 0, false],
    ['08000', 1_048_576, 8192, false],
    ['1g', 128, 0, false],
    ['0x4000,4,force', 16_384, 4, true],
    ['', 32_768, 0, false],
    ['0', 0, 0, false],
    ['24576,8', 32_768, 8, false],
    ['1000,3', 1024, 4, false],
    // 64 bits and 32 bits wrap: 2^64 + 100 slots, 2^32 + 2 areas.
    ['18446744073709551716', 128, 0, false],
    ['512,4294967298', 512, 2, false],
  ])('%j leaves %i slots, %i areas, force %s', (value, slots, areas, force) => {
    expect(read(value)).toEqual({ slots, areas, force, noforce: false });
  });

  it('acts once for every time it is given, and rounds areas only when they are given', () => {
    expect(read('1024,8', '1100')).toMatchObject({ slots: 1152, areas: 8 });
    expect(read(',64', '300')).toMatchObject({ slots: 384, areas: 64 });
  });

  it('is told in parts that cover the value', () => {
    const parts = readBootValue(bootState(), '24576,8,forc');
    expect(parts.map(({ from, to, kind }) => [from, to, kind])).toEqual([
      [0, 5, 'slots'],
      [5, 6, 'comma'],
      [6, 7, 'areas'],
      [7, 8, 'comma'],
      [8, 12, 'ignored'],
    ]);
  });

  it('is found anywhere in a command line, with its place', () => {
    expect(bootValues('quiet swiotlb=512,2 xswiotlb=1 swiotlb=force')).toEqual([
      { value: '512,2', from: 14 },
      { value: 'force', from: 39 },
    ]);
  });
});

describe('the 6 % rule of encrypted guests', () => {
  it.each([
    [1, 64],
    [2, 128],
    [4, 256],
    [8, 512],
    [16, 1024],
    [64, 1024],
  ])('makes a pool of %i GiB guests %i MiB', (memoryGiB, poolMiB) => {
    const state = bootState();
    adjustSize(state, encryptedGuestBytes(memoryGiB * 2 ** 30));
    const booted = initAtBoot(state, {
      addressingLimit: true,
      force: true,
      any: false,
      cpus: 8,
      dynamic: false,
      topOfMemory: 2 ** 36,
      allocate: () => 2 ** 30,
    });
    expect(booted.pool?.nslabs).toBe(poolMiB * 512);
    expect(booted).toMatchObject({ forceBounce: true, defaultNareas: 8 });
  });

  it('does not override a size from the command line, unless it is the default size', () => {
    const state = bootState();
    readBootValue(state, '16384');
    adjustSize(state, 2 ** 30);
    expect(state.defaultNslabs).toBe(16_384);
    readBootValue(state, '32768');
    adjustSize(state, 2 ** 30);
    expect(state.defaultNslabs).toBe(524_288);
  });
});

describe('boot memory', () => {
  const options = {
    addressingLimit: true,
    force: false,
    any: false,
    cpus: 32,
    dynamic: true,
    topOfMemory: 2 ** 34,
  };

  it('is asked for half as much each time, down to 1 MiB, with fewer areas', () => {
    const booted = initAtBoot(bootState(), { ...options, allocate: onlyOneMiB });
    expect(booted.tried.map(([bytes]) => bytes / 2 ** 20)).toEqual([64, 32, 16, 8, 4, 2, 1]);
    expect(booted.pool).toMatchObject({ nslabs: 512, nareas: 4 });
    expect(booted).toMatchObject({ defaultNslabs: 512, defaultNareas: 32 });
  });

  it('leaves no pool when even 1 MiB is not there', () => {
    const booted = initAtBoot(bootState(), { ...options, allocate: () => -1 });
    expect(booted).toMatchObject({ pool: null, canGrow: true, defaultNareas: 32 });
  });

  it('is not asked at all when nothing needs a bounce buffer, or noforce forbids it', () => {
    const plain = { ...options, addressingLimit: false, allocate: onlyOneMiB };
    expect(initAtBoot(bootState(), plain)).toMatchObject({ pool: null, tried: [] });
    const forbidden = bootState();
    readBootValue(forbidden, 'noforce');
    readBootValue(forbidden, 'force');
    expect(initAtBoot(forbidden, { ...options, allocate: onlyOneMiB }).pool).toBe(null);
  });
});
