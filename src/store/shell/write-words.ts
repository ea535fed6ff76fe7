/** What the shell says of a write, and what it sends. */
import { attributeNumber, countOf, sysctlNumber } from '../../engine/debugfs.ts';
import type { Effect } from './command.ts';

type Write = Extract<Effect, { kind: 'write' }>;

/** Longest text that is sent; the kernel reads less of it. */
export const MAX_WRITE_CHARS = 64;

/** The kernel's answer to a write that was refused, in the words of whoever asked. */
export function refusalOf({ file, typed, key }: Write, answer: string): string {
  const reason = /^sh: write error: (.*)$/s.exec(answer)?.[1];
  if (key !== null && reason !== undefined) return `sysctl: setting key "${key}": ${reason}`;
  return answer.replace(`can't create ${file}:`, `can't create ${typed}:`);
}

/** The number that was taken, as it is counted here; null when the text is none. */
export function takenBy({ file, text }: Pick<Write, 'file' | 'text'>): number | null {
  const isSysctl = file.startsWith('/');
  const number = isSysctl ? sysctlNumber(text) : attributeNumber(text);
  return number.kind === 'number' ? countOf(number.value) : null;
}

/** What is printed after a write that was taken. */
export function acceptanceOf({ key, text }: Write, taken: number | null): string[] {
  const echoed = key === null ? [] : [`${key} = ${text}`];
  const isCut = taken === Number.MAX_SAFE_INTEGER;
  return isCut ? [...echoed, `taken as ${taken}: this page counts no further`] : echoed;
}
