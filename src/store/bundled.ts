/** Recordings of a real kernel that come with the page. */
import small512 from '../trace/fixtures/recordings/small512-1cpu.jsonl.gz?url';
import stuck from '../trace/fixtures/recordings/stuck-1cpu.jsonl.gz?url';
import thr4 from '../trace/fixtures/recordings/thr-4cpu.jsonl.gz?url';
import thrDeadlock from '../trace/fixtures/recordings/thr-deadlock-4cpu.jsonl.gz?url';
import thrDoorbell from '../trace/fixtures/recordings/thr-doorbell-1cpu.jsonl.gz?url';
import thrOff from '../trace/fixtures/recordings/thr-off-4cpu.jsonl.gz?url';
import thrRetune from '../trace/fixtures/recordings/thr-retune-4cpu.jsonl.gz?url';
import thrSnail from '../trace/fixtures/recordings/thr-snail-cheetah-4cpu.jsonl.gz?url';
import tiny512 from '../trace/fixtures/recordings/tiny512-4cpu.jsonl.gz?url';

export interface BundledRecording {
  readonly name: string;
  readonly what: string;
  /** Where this page keeps the file. */
  readonly address: string;
}

/**
 * What is kept at an address.
 *
 * @throws Error when there is nothing, or it cannot be fetched.
 */
export async function bytesAt(address: string | undefined): Promise<ArrayBuffer> {
  if (address === undefined) throw new Error('there is no such recording');
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.arrayBuffer();
}

export const BUNDLED: readonly BundledRecording[] = [
  {
    name: 'small512-1cpu',
    what: 'Short and readable: an NVMe and a virtio disk on one CPU.',
    address: small512,
  },
  {
    name: 'tiny512-4cpu',
    what: 'Maps fail: four CPUs, an area of 128 slots for each.',
    address: tiny512,
  },
  {
    name: 'stuck-1cpu',
    what: 'A request that can never fit, tried again for ever.',
    address: stuck,
  },
  {
    name: 'thr-deadlock-4cpu',
    what: 'Throttled: one batch of 32 reads waits for ever for its own first one.',
    address: thrDeadlock,
  },
  {
    name: 'thr-snail-cheetah-4cpu',
    what: 'Throttled: six requests of a fast disk wait 0.84 s behind one of a slow disk.',
    address: thrSnail,
  },
  {
    name: 'thr-4cpu',
    what: 'Throttled: no map fails, and the use peaks at 754 of 1,024 slots.',
    address: thr4,
  },
  {
    name: 'thr-off-4cpu',
    what: 'The same load with thresholds out of reach: 823 maps fail, and the use peaks at 996 slots.',
    address: thrOff,
  },
  {
    name: 'thr-doorbell-1cpu',
    what: 'Throttled: mapped requests wait 3.1 s for a doorbell that another request rings.',
    address: thrDoorbell,
  },
  {
    name: 'thr-retune-4cpu',
    what: 'Throttled: thresholds moved while it runs, also to 0, far away, and low above high.',
    address: thrRetune,
  },
];
