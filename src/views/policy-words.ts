/** The throttling policies in words: what each does in a sentence, and what that breaks. */
import type { PolicyId } from '../model/throttle-policies.ts';

export interface PolicyWords {
  readonly rule: string;
  readonly breaks: string;
}

export const POLICY_WORDS: { readonly [id in PolicyId]: PolicyWords } = {
  none: {
    rule: 'As Linux is: a map that finds no room fails at once, whoever asked.',
    breaks:
      'A spike of requests fills the memory, and maps fail though their drivers could have waited.',
  },
  rfc: {
    rule: 'Above high, or above low while the semaphore is held, a request sleeps; one at a time holds the semaphore until its own unmap.',
    breaks:
      'A slow device that holds it makes all others wait, however much memory is free by then.',
  },
  'rfc-high-only': {
    rule: 'The same without the second threshold: only the use above high makes a request sleep.',
    breaks:
      'Newcomers pass as soon as the use dips below high, and overtake those that have queued for long.',
  },
  'wake-below': {
    rule: 'Above high a request sleeps; the unmap that takes the use below low wakes the first sleeper.',
    breaks:
      'One that is woken may never cross the threshold at its own unmap: who slept behind it sleeps for ever.',
  },
  'wake-any': {
    rule: 'Above high a request sleeps, and every unmap lets the first sleeper go, whatever it freed.',
    breaks: 'Unmaps of small buffers let large requests in: the use climbs far above high.',
  },
  'wake-any-above': {
    rule: 'Every unmap lets the first sleeper go, but only while the use is above high.',
    breaks:
      'Once the use has fallen below, nothing wakes who still sleeps, with nearly all memory free.',
  },
  'wake-all': {
    rule: 'The unmap that takes the use below low wakes all sleepers; who finds it above high again goes to the end of the queue.',
    breaks: 'A herd runs for a few places: most wake in vain, and lose their turn as well.',
  },
  'timeout-grow': {
    rule: 'A request waits for the use to fall to high, but not for long: then it makes a new pool, asleep in the page allocator.',
    breaks: 'Memory grows by whole pools under load, and stays taken when the load has gone.',
  },
};
