import type { Scenario } from '../../engine/scenario.ts';
import { argued, guest, SSD, THROTTLING, throttled } from './parts.ts';

/** Who sleeps does not poll: the unmaps that would wake him are his own. */
export const polling: Scenario = {
  ...THROTTLING,
  id: 'polling',
  title: 'Asleep, not polling',
  watch:
    'Two tasks a CPU poll for their completions instead of taking interrupts: while they sleep in the throttle, finished requests keep their slots because nobody looks.',
  seed: 10,
  machine: guest(4, 1024),
  devices: [
    {
      ...SSD,
      note: 'polled SSD',
      ratePerSecond: 40_000,
      depth: 64,
      latencyUs: 400,
      tasks: 8,
      polling: true,
    },
  ],
  openAtMs: 6,
  throttle: throttled('rfc'),
  beside: { kind: 'policy', policy: 'none' },
  argument: argued(
    10,
    'Question in the replies: what of a submitter that would have polled for the completions it now waits for?',
  ),
};
