import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MachineSpec } from '../engine/scenario.ts';
import { bootOutcome, explainLine, rewriteLine, type BootChoice } from './boot-draft.ts';

const words = (line: string) => explainLine(line).parts.map(({ kind, text }) => `${kind} ${text}`);

describe('explainLine', () => {
  it('names every part of a value', () => {
    expect(words('console=ttyS0 swiotlb=0x4000,4,force quiet')).toEqual([
      'slots 0x4000',
      'comma ,',
      'areas 4',
      'comma ,',
      'force force',
    ]);
  });

  it('shows what the kernel does not read', () => {
    expect(words('swiotlb=force,16384')).toEqual(['ignored force,16384']);
    expect(words('swiotlb=1g')).toEqual(['slots 1', 'ignored g']);
    expect(words('swiotlb=08000')).toEqual(['slots 0', 'areas 8000']);
  });

  it('finds nothing in an empty line or an empty value', () => {
    expect(explainLine('')).toMatchObject({ spans: [], parts: [] });
    expect(words('swiotlb=')).toEqual([]);
  });

  it('finds the size of the coherent pools, apart from the parts of swiotlb=', () => {
    const line = 'ro coherent_pool=1M swiotlb=2048 coherent_pool=';
    const { coherent, parts, spans } = explainLine(line);
    expect(coherent.map(({ text, bytes }) => [text, bytes])).toEqual([
      ['1M', 1_048_576],
      ['', 0],
    ]);
    expect(parts.map(({ text }) => text)).toEqual(['2048']);
    const kinds = spans.map(({ from, to, kind }) => `${kind}:${line.slice(from, to)}`);
    expect(kinds).toEqual([
      'other:ro coherent_pool=',
      'coherent:1M',
      'other: ',
      'key:swiotlb=',
      'slots:2048',
      'other: coherent_pool=',
    ]);
  });

  it('covers the line without gap or overlap, whatever it says', () => {
    const odd = fc.stringMatching(/^(?:[ a-z]|swiotlb=|coherent_pool=|[0-9x,]|force){0,24}$/);
    fc.assert(
      fc.property(odd, (line) => {
        const { spans } = explainLine(line);
        expect(spans.map(({ from, to }) => line.slice(from, to)).join('')).toBe(line);
      }),
    );
  });

  it('reads the controls from the last word that says something', () => {
    expect(explainLine('swiotlb=512 swiotlb=,4,force').choice).toEqual({
      slots: 512,
      areas: 4,
      mode: 'force',
    });
    expect(explainLine('quiet').choice).toEqual({ slots: null, areas: null, mode: 'as needed' });
  });
});

describe('rewriteLine', () => {
  it('puts one word where the first stood and leaves others alone', () => {
    const choice: BootChoice = { slots: 1024, areas: 2, mode: 'force' };
    expect(rewriteLine('a swiotlb=1 b swiotlb=2', choice)).toBe('a swiotlb=1024,2,force b');
  });

  it('takes the word away when there is nothing to say', () => {
    const nothing: BootChoice = { slots: null, areas: null, mode: 'as needed' };
    expect(rewriteLine('quiet swiotlb=512', nothing)).toBe('quiet');
  });

  it('writes what reading gives back', () => {
    const choice = fc.record({
      slots: fc.option(fc.integer({ min: 0, max: 1 << 20 })),
      areas: fc.option(fc.integer({ min: 1, max: 128 })),
      mode: fc.constantFrom('as needed' as const, 'force' as const, 'noforce' as const),
    });
    fc.assert(
      fc.property(choice, (wanted) => {
        expect(explainLine(rewriteLine('quiet', wanted)).choice).toEqual(wanted);
      }),
    );
  });
});

describe('bootOutcome', () => {
  const machine: MachineSpec = {
    memoryMiB: 1024,
    cpus: 8,
    encrypted: true,
    dynamic: false,
    commandLine: '',
  };

  it('gives an encrypted guest six percent of its memory, in an area a CPU', () => {
    expect(bootOutcome(machine).pool).toMatchObject({ nslabs: 32_768, nareas: 8 });
    expect(bootOutcome({ ...machine, memoryMiB: 8192 }).pool).toMatchObject({ nslabs: 262_144 });
  });

  it('reserves nothing where every device reaches everything, unless forced', () => {
    const plain = { ...machine, encrypted: false };
    expect(bootOutcome(plain).pool).toBeNull();
    expect(bootOutcome({ ...plain, commandLine: 'swiotlb=512,force' })).toMatchObject({
      pool: { nslabs: 1024, nareas: 8 },
      forceBounce: true,
    });
  });

  it('rounds size and areas to powers of two', () => {
    expect(bootOutcome({ ...machine, commandLine: 'swiotlb=24576,3' }).pool).toMatchObject({
      nslabs: 32_768,
      nareas: 4,
    });
  });
});
