import { expect, it } from 'vitest';
import { HEADER } from '../engine/frame.ts';
import { frameFrom } from '../testing/frame-art.ts';
import { notesFor } from './first-notes-text.ts';

function heads(art: string, direct: number): string[] {
  const frame = frameFrom({ art });
  frame.header[HEADER.directMaps] = direct;
  return notesFor(null, frame).map(({ head }) => head);
}

it('the note on bars stands where there are bars, or where they are on their way', () => {
  expect(heads('Aaa', 5)).toContain('Each bar is one buffer');
  expect(heads('', 0)).toContain('Each bar is one buffer');
  expect(heads('', 5)).toContain('Nothing here is taken');
  expect(heads('', 5)).not.toContain('Each bar is one buffer');
});
