/**
 * `window.bouncescope`: what the page knows, read only, for tests and for the curious. Nothing here
 * changes anything, and everything is a copy.
 */
import type { SlotStory } from '../worker/protocol.ts';
import type { Page } from './page.ts';
import type { DeviceReadout, Readout } from './readout.ts';
import { readoutOf } from './readout.ts';

export interface TestSurface {
  /** The numbers of the newest frame; null before the first. */
  frame(): Readout | null;
  /** Hash of the whole allocator state at the worker's present moment. */
  hash(): Promise<string>;
  /** Id of the scenario that runs; null during a replay. */
  readonly scenario: string | null;
  /** The pinned slot, as the model tells it; null when nothing is pinned. */
  readonly pinned: SlotStory | null;
  /** Counters by device name. */
  devices(): Record<string, DeviceReadout>;
}

export function testSurface(page: Page): TestSurface {
  const frame = () => (page.client.frame ? readoutOf(page.client.frame) : null);
  return Object.freeze({
    frame,
    hash: () => page.hashes.ask(),
    get scenario() {
      return page.state.replay ? null : (page.state.scenario?.id ?? null);
    },
    get pinned() {
      return page.state.pinned;
    },
    devices: () =>
      Object.fromEntries(
        (frame()?.devices ?? []).map((device, row) => [
          page.state.machine?.devices[row]?.name ?? `device ${row}`,
          device,
        ]),
      ),
  });
}
