/** The narrator on devices that are confined to a region of their own. */
import type { Readout } from '../store/readout.ts';
import { say, sayNow, shareWords, type Named, type Sentence } from './narrator-words.ts';

/** How much of the default pool is free; null where there is none. */
function restWords({ pools }: Readout): string | null {
  const pool = pools.find(({ kind }) => kind === 'default');
  return pool ? `${shareWords(pool.nslabs - pool.used, pool.nslabs)} of the default pool` : null;
}

/**
 * A confined device is turned away: its region has no room, whatever lies beside it.
 *
 * @param fate what becomes of it.
 */
export function ofConfined(
  readout: Readout,
  { name, summary }: Named,
  fate: string,
): Sentence | null {
  if (summary?.region === undefined) return null;
  const head = `${name} may use its own region only, and that is too small for it: ${fate}`;
  const rest = restWords(readout);
  if (rest === null) return say(`${head}.`, name);
  const words = (now: Readout) => restWords(now) ?? '';
  return sayNow(`${head}, while ${rest} is free.`, name, words, readout);
}
