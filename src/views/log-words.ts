/** A line of the kernel log in words. */
import type { LogLine } from '../store/reports.ts';
import { stamp } from './words.ts';

/** As `dmesg` prints it. */
export function lineText(line: LogLine): string {
  return `${stamp(line.timeNs)} ${line.text}`;
}

/** The same where room is scarce. */
export function shortText(line: LogLine): string {
  return lineText(line).replace(/^\[ +/, '[');
}

/** Whether it tells of a map that found no slots. */
export function isFailure({ text }: LogLine): boolean {
  return text.includes('swiotlb buffer is full');
}
