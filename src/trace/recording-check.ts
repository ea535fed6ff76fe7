import { EventChecker } from './event-check.ts';
import { TraceFault } from './fault.ts';
import { Fields } from './fields.ts';
import { checkHeader, type CheckedDevice, type CheckedHeader } from './header-check.ts';
import { inferMinAlignMask, type InferredMask } from './infer-mask.ts';
import { survey } from './survey.ts';
import { parseObject, readLines, type ReadOptions } from './read-lines.ts';
import type { ReadRecording, RecordedDevice, Recording, RecordingHeader } from './recording.ts';

/**
 * Reads and checks a whole `swiotlb-trace` recording, plain or gzip'ed. Whatever is in the bytes,
 * this ends in a recording every field of which is in range, or in one sentence.
 *
 * @throws TraceFault with that sentence.
 */
export async function readRecording(
  bytes: Uint8Array,
  options: ReadOptions = {},
): Promise<Recording> {
  let reader: RecordingReader | null = null;
  for await (const batch of readLines(bytes, options)) {
    for (const [index, text] of batch.lines.entries()) {
      const line = batch.firstLine + index;
      if (reader === null) reader = new RecordingReader(text, line);
      else reader.read(text, line);
    }
  }
  if (reader === null) throw new TraceFault('The file is empty.');
  const surveying = survey(recordingOf(reader.header, reader.events));
  for (;;) {
    const slice = surveying.next();
    if (slice.done === true) return slice.value;
    await options.breathe?.(bytes.length, bytes.length);
  }
}

/** Reads a recording line by line. */
class RecordingReader {
  readonly header: CheckedHeader;
  readonly events: EventChecker;

  constructor(firstLine: string, line: number) {
    this.header = headerOf(firstLine, line);
    this.events = new EventChecker(this.header);
  }

  read(text: string, line: number): void {
    if (text.trim() !== '') this.events.read(text, line);
  }
}

function headerOf(text: string, line: number): CheckedHeader {
  const fields = new Fields().aim(parseObject(text, line), line);
  if (fields.textOr('format', 60, '') !== 'swiotlb-trace') {
    throw fields.fault('format', '"swiotlb-trace", a recording of the kernel');
  }
  return checkHeader(fields);
}

function recordingOf(checked: CheckedHeader, checker: EventChecker): ReadRecording {
  const { count, stepCount } = checker.builder;
  const { events, steps, order } = checker.builder.finish();
  const known = checked.devices.map((device, index) =>
    knownDevice(device, () => inferMinAlignMask(events, count, index)),
  );
  return {
    header: { ...checked.header, order: orderOf(checked, checker) },
    devices: known.map(({ device }) => device),
    events,
    count,
    steps,
    stepCount,
    order,
    decisions: checker.decisions,
    gaps: [
      ...checked.gaps,
      ...missingLines(checked, checker),
      ...missingLocks(checked, checker),
      ...missingThrottling(checked, checker),
    ],
    remarks: known.flatMap(({ remark }) => remark ?? []),
    throttle:
      checked.throttle && (checker.throttle?.builder.finish(checked.throttle, count) ?? null),
  };
}

/** A device with its mask, and what there is to say of how it was found. */
interface KnownDevice {
  readonly device: RecordedDevice;
  readonly remark: string | null;
}

function knownDevice(device: CheckedDevice, find: () => InferredMask): KnownDevice {
  const { minAlignMask, name } = device;
  if (minAlignMask !== null) {
    return { device: { ...device, minAlignMask, inferred: false }, remark: null };
  }
  const { mask, isCapped } = find();
  const more = isCapped ? ', the widest a driver sets, though its maps agree in more bits' : '';
  return {
    device: { ...device, minAlignMask: mask, inferred: true },
    remark: `min_align_mask of ${name} inferred: ${mask}${more}`,
  };
}

/** Sentences on lines that the header counts and the file does not have, or the reverse. */
function missingLines({ announced }: CheckedHeader, found: EventChecker): string[] {
  return differentCounts([
    ['events', announced.events, found.lines],
    ['maps', announced.maps, found.maps],
    ['unmaps', announced.unmaps, found.unmaps],
  ]);
}

type Count = readonly [what: string, said: number, read: number];

function differentCounts(counts: readonly Count[]): string[] {
  return counts
    .filter(([, said, read]) => said !== -1 && said !== read)
    .map(([what, said, read]) => `The header counts ${said} ${what}, the file has ${read}.`);
}

/** The same for what a kernel with throttling says besides. */
function missingThrottling({ announcedThrottle }: CheckedHeader, found: EventChecker): string[] {
  const { throttle } = found;
  if (throttle === null) return [];
  const { mayBlock, high, low, waited } = announcedThrottle;
  const sentences = differentCounts([
    ['maps that may block', mayBlock, throttle.mayBlock],
    ['maps throttled above high', high, throttle.high],
    ['maps throttled above low', low, throttle.low],
    ['maps that slept', waited, throttle.waited],
  ]);
  if (throttle.withoutTotal > 0) {
    sentences.push(`The use behind ${throttle.withoutTotal} maps and unmaps is missing.`);
  }
  return sentences;
}

/** Whether locks were recorded; a single one shows it, whatever the header says. */
function orderOf({ header }: CheckedHeader, { locked }: EventChecker): RecordingHeader['order'] {
  return locked > 0 ? 'lock' : header.order;
}

/** A sentence on events without a lock in a recording that has locks. */
function missingLocks(checked: CheckedHeader, checker: EventChecker): string[] {
  const { unlockedMaps, unlockedUnmaps } = checker;
  if (orderOf(checked, checker) !== 'lock' || unlockedMaps + unlockedUnmaps === 0) return [];
  return [
    `The locks of ${unlockedMaps} maps and ${unlockedUnmaps} unmaps are missing, though locks were recorded.`,
  ];
}
