/** How long the narrator's sentence is held before another takes its place. */
import type { Readout } from '../store/readout.ts';
import type { Sentence } from './narrator-words.ts';

/** A sentence stands at least this long. */
const STANDS_MS = 2000;

/** What a sentence tells, its counts and the share it begins with left aside. */
export function storyOf(text: string): string {
  return text.replaceAll(/\d[\d,]*/g, '0').replace(/^.*? of the memory/, 'Some of the memory');
}

/**
 * How long `shown` stands before `next` may follow. What no longer holds, and new numbers in the same
 * sentence, are not held back: they must be those of the picture.
 */
export function standsMs(
  shown: Sentence,
  next: Sentence,
  readout: Readout | null,
  runs: boolean,
): number {
  if (!runs || storyOf(shown.text) === storyOf(next.text)) return 0;
  const isOver = readout !== null && shown.holds !== undefined && !shown.holds(readout);
  return isOver ? 0 : STANDS_MS;
}
