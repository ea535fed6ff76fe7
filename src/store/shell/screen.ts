/** What stands on the shell's screen: lines of text, and no more of them than can be kept. */

import { DEBUGFS_DIRECTORY } from './paths.ts';
import type { WatchState } from './watch.ts';

/** Longest line that is taken. */
export const MAX_INPUT_CHARS = 256;
/** Lines kept, and characters of each; the rest is cut. */
export const MAX_LINES = 500;
export const MAX_LINE_CHARS = 400;

export interface ShellLine {
  /** Unique on this screen. */
  readonly id: number;
  /** What was typed, what a command printed, and what went wrong. */
  readonly kind: 'typed' | 'out' | 'fault';
  readonly text: string;
}

export interface ShellState {
  readonly lines: readonly ShellLine[];
  readonly cwd: string;
  /** What `watch` shows, while it runs. */
  readonly watch: WatchState | null;
}

export const INITIAL_SHELL: ShellState = { lines: [], cwd: DEBUGFS_DIRECTORY, watch: null };

/** The screen with more lines at its end. */
export function withLines(
  lines: readonly ShellLine[],
  kind: ShellLine['kind'],
  texts: readonly string[],
): readonly ShellLine[] {
  const next = (lines.at(-1)?.id ?? 0) + 1;
  const added = texts
    .slice(-MAX_LINES)
    .map((text, row) => ({ id: next + row, kind, text: printable(text) }));
  return [...lines, ...added].slice(-MAX_LINES);
}

/** A text as it can be shown: not too long, and nothing in it that moves the writing about. */
export function printable(text: string): string {
  const shown = text.length > MAX_LINE_CHARS ? `${text.slice(0, MAX_LINE_CHARS - 1)}…` : text;
  return shown.replace(/\p{C}/gu, '\u{fffd}');
}
