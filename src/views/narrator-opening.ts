/** What the narrator says first: what this memory is there for. */
import type { PageState } from '../store/page-state.ts';
import type { DeviceSummary, MachineSummary } from '../store/reports.ts';
import { say, type Sentence } from './narrator-words.ts';

export type NarratorFacts = Pick<
  PageState,
  'readout' | 'machine' | 'scenario' | 'replay' | 'difference'
> &
  Partial<Pick<PageState, 'growth' | 'own'>>;

/** The slowest that the page plays at; a scenario that asks for less begins with this. */
const SLOWEST = 0.001;

/** The pace a scenario is watched at, virtual seconds for each of the wall. */
export function speedOf(scenario: NarratorFacts['scenario']): number {
  return Math.max(SLOWEST, scenario?.speed ?? 0);
}

/** Devices whose mask ends below the machine's memory. */
function shortArmed(machine: MachineSummary): DeviceSummary[] {
  const memory = BigInt(machine.memoryMiB ?? 0) * 1_048_576n;
  return machine.devices.filter((device) => BigInt(device.dmaMask) < memory - 1n);
}

/** A machine with a device that is confined to a region of its own; null for any other. */
function confinedOpening({ devices }: MachineSummary): Sentence | null {
  const confined = devices.find(({ region }) => region !== undefined);
  if (!confined) return null;
  return say(
    `${confined.name} may touch one small region and no other memory: all that it reads and writes is copied through that.`,
    confined.name,
  );
}

/** The first sentence, which stands until something can be told of what happens. */
export function opening(machine: MachineSummary | null): Sentence {
  if (!machine) return say('A machine is being started.');
  if (!machine.hasPool) {
    return machine.encrypted
      ? say(
          'No memory was set aside for copies: devices are pointed at encrypted memory, which they cannot read.',
        )
      : say(
          'This machine set no memory aside for copies: devices must reach their buffers by themselves.',
        );
  }
  if (machine.encrypted) {
    return say(
      'Devices cannot read this machine’s encrypted memory: every buffer is first copied into this shared one, or back.',
    );
  }
  if (machine.forceBounce) {
    return say(
      'Every device here must copy through this memory, because the kernel was told to force it.',
    );
  }
  const confined = confinedOpening(machine);
  if (confined) return confined;
  const [limited] = shortArmed(machine);
  if (limited) {
    return say(
      `${limited.name} cannot reach all of this machine’s memory: what lies too high is copied through this one.`,
      limited.name,
    );
  }
  return say(
    'This memory is for copies that a device needs when it cannot reach a buffer. Here every device can.',
  );
}
