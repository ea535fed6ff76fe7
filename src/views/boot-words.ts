/** What each part of a `swiotlb=` did, in a few words. The kernel says none of this. */
import type { ExplainedPart, ExplainedPool } from '../store/boot-draft.ts';
import type { BootedPool } from '../model/boot.ts';
import { bytes, count, plural, slotBytes } from './words.ts';

export interface BootRow {
  readonly at: number;
  readonly text: string;
  readonly sentence: string;
  /** What was rounded, for the eye; may be empty. */
  readonly result: string;
}

/** A number written otherwise than in decimal, and what it means. */
function notation(text: string, number: number): string {
  if (/^0x/i.test(text)) return `hexadecimal, ${count(number)}; `;
  return /^0[0-7]/.test(text) || (text === '0' && number === 0)
    ? `a leading 0 means octal, so this is ${count(number)}; `
    : '';
}

const POWER_RULE = 'both numbers go up to powers of two';

function areasSentence(part: ExplainedPart): string {
  const rounded = part.nareas === part.number ? '' : `, rounded up to ${count(part.nareas)}`;
  return `areas, each with a lock of its own${rounded}; ${POWER_RULE}:`;
}

function slotsSentence(part: ExplainedPart): string {
  return part.nslabs === part.number
    ? 'slots of 2 KiB:'
    : 'slots of 2 KiB, rounded up to whole segments of 128:';
}

const WORDS = {
  force: 'every device copies, also where it need not',
  noforce: 'no pool at all, whatever else the line says',
  ignored: 'ignored without a word',
} as const;

/** One row a part; commas say nothing. */
export function bootRow(part: ExplainedPart): BootRow | null {
  const { kind, text, from: at, number, nslabs } = part;
  if (kind === 'comma') return null;
  if (kind !== 'slots' && kind !== 'areas') return { at, text, sentence: WORDS[kind], result: '' };
  const what = kind === 'slots' ? slotsSentence(part) : areasSentence(part);
  const result = `${count(nslabs)} · ${slotBytes(nslabs)}`;
  return { at, text, sentence: notation(text, number) + what, result };
}

/** What the size of a coherent pool does: the last one of a line decides. */
export function coherentRow({ from: at, text, bytes: size }: ExplainedPool): BootRow {
  if (size === 0) {
    return {
      at,
      text,
      sentence: 'leaves the coherent pools to the kernel: 128 KiB a GiB',
      result: '',
    };
  }
  const sentence =
    'for each coherent pool, out of which an encrypted guest serves requests that must not sleep:';
  return { at, text, sentence, result: bytes(size) };
}

/** Boot memory had no such room: the kernel asks for half as much, again and again. */
function halved({ tried }: BootedPool): string {
  const [first] = tried;
  if (!first || tried.length < 2) return '';
  const times = tried.length === 2 ? '' : ` ${tried.length - 1} times`;
  return `; ${bytes(first[0])} was not to be had, so the kernel halved it${times}`;
}

/** What comes out of the line on this machine, in one sentence. */
export function outcomeSentence(outcome: BootedPool, encrypted: boolean): string {
  const { pool } = outcome;
  if (pool) {
    const areas = plural(pool.nareas, 'area');
    return `${plural(pool.nslabs, 'slot')} · ${slotBytes(pool.nslabs)} in ${areas}${halved(outcome)}`;
  }
  if (outcome.tried.length > 0) return 'no pool: memory has no room even for 512 slots';
  return encrypted
    ? 'no pool: noforce, so devices are pointed at memory they cannot read'
    : 'no pool: no device needs one';
}
