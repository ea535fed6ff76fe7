/** Recordings of a real kernel that come with the page. */
import small512 from '../trace/fixtures/recordings/small512-1cpu.jsonl.gz?url';
import stuck from '../trace/fixtures/recordings/stuck-1cpu.jsonl.gz?url';
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
];
