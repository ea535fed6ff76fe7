/** The events of a stretch as a table of comma-separated values. Units stand in the header. */
import { csvLine, type CsvField } from '../engine/csv.ts';
import {
  DIRECTIONS,
  EVENT_KINDS,
  FAIL_CAUSES,
  GROWERS,
  RECORD,
  WAIT_ENDS,
  type RecordKind,
  type RunRecords,
} from '../engine/run-records.ts';

/** The columns, in order. */
export const EVENT_COLUMNS = [
  'time_ns',
  'event',
  'kind',
  'device',
  'cpu',
  'pool',
  'first_slot',
  'slots',
  'size_bytes',
  'direction',
  'latency_ns',
  'number',
  'detail',
  'used_slots_after',
] as const;

/** Lines handed on in one piece. */
const LINES = 2048;

const EVENTS: ReadonlySet<RecordKind> = new Set(EVENT_KINDS);

/** What `code` says of a kind. */
function detail(kind: RecordKind, code: number): string {
  if (kind === 'fail') return FAIL_CAUSES[code] ?? '';
  if (kind === 'grow' || kind === 'transient') return `for ${GROWERS[code] ?? ''}`;
  return kind === 'wait-end' ? (WAIT_ENDS[code] ?? '') : '';
}

function lineOf(records: RunRecords, row: number, devices: readonly string[]): string {
  const kind = records.kind(row);
  const given = (field: number): CsvField => {
    const value = records.field(row, field);
    return value < 0 ? '' : value;
  };
  const device = records.field(row, RECORD.device);
  return csvLine([
    given(RECORD.timeNs),
    given(RECORD.event),
    kind,
    devices[device] ?? '',
    given(RECORD.cpu),
    given(RECORD.pool),
    given(RECORD.slot),
    given(RECORD.slots),
    given(RECORD.bytes),
    DIRECTIONS[records.field(row, RECORD.direction)] ?? '',
    given(RECORD.durationNs),
    given(RECORD.serial),
    detail(kind, records.field(row, RECORD.code)),
    given(RECORD.used),
  ]);
}

/**
 * The table, in pieces of whole lines. What is of a trace only is left out.
 *
 * @param devices names, by index.
 */
export function* eventsCsv(
  records: RunRecords,
  devices: readonly string[],
): Generator<string, void> {
  let piece = csvLine(EVENT_COLUMNS);
  let lines = 0;
  for (let row = 0; row < records.count; row++) {
    if (!EVENTS.has(records.kind(row))) continue;
    piece += lineOf(records, row, devices);
    if (++lines % LINES > 0) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
