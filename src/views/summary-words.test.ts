import { describe, expect, it } from 'vitest';
import { frameFrom } from '../testing/frame-art.ts';
import type { MachineSummary } from '../store/reports.ts';
import { summaryWords } from './summary-words.ts';

const machine = { devices: [{ name: 'nvme0' }, { name: 'eth0' }] } as unknown as MachineSummary;

describe('summaryWords', () => {
  it('tells the pool, its areas and who holds what', () => {
    const frame = frameFrom({ art: 'AaaB', areas: 2, devices: 2 });
    const words = summaryWords(frame, machine);
    expect(words).toContain('Default pool, 256 slots in 2 areas: 4 used (1.6 %)');
    expect(words).toContain('Areas: 0 3.1 %, 1 0.0 %.');
    expect(words).toContain('Slots held: nvme0 3, eth0 1.');
  });

  it('tells many areas as a range', () => {
    const frame = frameFrom({ art: 'A'.repeat(64), areas: 16, devices: 1 });
    expect(summaryWords(frame, machine)).toContain('Its areas are from 0.0 % to 50.0 % used.');
  });
});
