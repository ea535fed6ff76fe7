import { describe, expect, it } from 'vitest';
import { bootOutcome, explainLine } from '../store/boot-draft.ts';
import { bootRow, outcomeSentence } from './boot-words.ts';

const rows = (line: string) =>
  explainLine(line)
    .parts.map(bootRow)
    .filter((row) => row !== null)
    .map(({ text, sentence, result }) => `${text}: ${sentence} ${result}`.trim());

const machine = { memoryMiB: 1024, cpus: 8, encrypted: true, dynamic: false, commandLine: '' };

const said = (part: Partial<typeof machine>) => {
  const spec = { ...machine, ...part };
  return outcomeSentence(bootOutcome(spec), spec.encrypted);
};

describe('bootRow', () => {
  it('explains each part with its rounding', () => {
    expect(rows('swiotlb=24576,3')).toEqual([
      '24576: slots of 2 KiB: 24,576 · 48 MiB',
      '3: areas, each with a lock of its own, rounded up to 4; both numbers go up to powers of two: 32,768 · 64 MiB',
    ]);
  });

  it('explains numbers that are not decimal', () => {
    expect(rows('swiotlb=0x4000')).toEqual([
      '0x4000: hexadecimal, 16,384; slots of 2 KiB: 16,384 · 32 MiB',
    ]);
    expect(rows('swiotlb=08000')[0]).toContain('a leading 0 means octal, so this is 0');
  });

  it('shows a unit as what it is to the kernel: nothing', () => {
    expect(rows('swiotlb=1g')).toEqual([
      '1: slots of 2 KiB, rounded up to whole segments of 128: 128 · 256 KiB',
      'g: ignored without a word',
    ]);
  });
});

describe('outcomeSentence', () => {
  it('says what comes out, and why nothing does', () => {
    expect(said({})).toBe('32,768 slots · 64 MiB in 8 areas');
    expect(said({ commandLine: 'swiotlb=512', cpus: 1 })).toBe('512 slots · 1 MiB in 1 area');
    expect(said({ encrypted: false })).toBe('no pool: no device needs one');
    expect(said({ commandLine: 'swiotlb=noforce' })).toContain('memory they cannot read');
  });

  it('says when memory could not give what was asked for', () => {
    expect(
      said({ encrypted: false, memoryMiB: 1024, commandLine: 'swiotlb=524288,force' }),
    ).toMatch(
      /^[\d,]+ slots · 512 MiB in 8 areas; 1 GiB was not to be had, so the kernel halved it$/,
    );
  });
});
