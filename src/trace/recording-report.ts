import type { SearchKind } from '../model/pool.ts';
import { compareEndTable, type EndTable } from './end-table.ts';
import type { FileReport } from './file-report.ts';
import type { Recording } from './recording.ts';
import { RecordingReplay } from './recording-replay.ts';
import { compareThrottleEnd } from './throttle-end.ts';

/** Replays a whole recording and compares the end, with the kernel's slot table if there is one. */
export function replayRecording(
  recording: Recording,
  endTable: EndTable | null,
  search: SearchKind = 'fast',
): FileReport {
  const replay = new RecordingReplay(recording, search);
  let first: string | null = null;
  for (let step = replay.step(); step !== null; step = replay.step()) {
    const { difference } = step;
    if (difference !== null) {
      first ??= `line ${difference.line}: expected ${difference.expected}, got ${difference.got}`;
    }
  }
  const end = endDifferences(replay, endTable);
  const failures = [...replay.gaps, ...end.failures];
  if (replay.adopted > 0) failures.push('Slots taken over from the kernel prove nothing.');
  const begunLate = failures.length > 0 && recording.header.startHiwater > 0;
  if (begunLate) failures.push('The pool had been in use before the recording began.');
  const mayAdopt = begunLate || replay.gaps.length > 0 || replay.adopted > 0;
  return {
    decisions: recording.decisions,
    differ: replay.differ,
    first,
    failures,
    remarks: [...throttleRemarks(replay), ...recording.remarks, ...end.remarks],
    adopted: mayAdopt ? replay.adopted : null,
  };
}

/** What was compared of a throttle, and how often the kernel acted on another use than its own. */
function throttleRemarks({ recording, throttleDecisions, racyReads }: RecordingReplay): string[] {
  if (recording.throttle === null) return [];
  return [
    `${throttleDecisions} throttle decisions compared; the use they read, without a lock, is not the replayed one in ${racyReads}`,
  ];
}

/** What the end of a recording has to say: what fails it, and what is only worth telling. */
export interface EndVerdict {
  readonly failures: readonly string[];
  readonly remarks: readonly string[];
}

/**
 * Compares counters, and the kernel's slot table if there is one, when all events were replayed.
 *
 * Every hint was compared at every lock. One that differs in the table alone, of an area that a
 * last map searched in vain, was moved by its driver trying again when the recording had ended; it
 * is told, no more.
 */
export function endDifferences(replay: RecordingReplay, table: EndTable | null): EndVerdict {
  const { header } = replay.recording;
  const { mem } = replay.swiotlb;
  const failures: string[] = [];
  const compare = (what: string, expected: number | null, got: number) => {
    if (expected !== null && expected !== got) {
      failures.push(`${what}: expected ${expected}, got ${got}`);
    }
  };
  compare('io_tlb_used at the end', header.endUsed, mem.used);
  compare('io_tlb_used_hiwater at the end', header.endHiwater, mem.hiwater);
  const { recording, swiotlb } = replay;
  failures.push(...compareThrottleEnd(recording, swiotlb.mem.throttle, table?.throttle ?? null));
  if (table === null) return { failures, remarks: [] };
  compare('end table: total_used', table.used, mem.used);
  compare('end table: used_hiwater', table.hiwater, mem.hiwater);
  const { state, hints } = compareEndTable(table, mem.head);
  failures.push(...state);
  const mayHaveGoneOn = failures.length === 0 && header.order === 'lock' && replay.lastMapFailed;
  const why = 'the last map failed and was tried again after the recording';
  const remarks: string[] = [];
  for (const { pool, area, sentence } of hints) {
    if (mayHaveGoneOn && replay.lastMapSearched(pool, area)) remarks.push(`${sentence}; ${why}`);
    else failures.push(sentence);
  }
  return { failures, remarks };
}
