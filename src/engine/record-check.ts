/** Records of runs and single changes from outside: commands, links, files. */
import { isRecord, numberFault, quoted, textFault, wholeFault, wordFault } from './field-check.ts';
import { DEVICE_CONTROLS } from './scenario.ts';

/** Most changes that a record may have. */
export const MAX_CHANGES = 20_000;
const MAX_COUNT = Number.MAX_SAFE_INTEGER;
/** An hour, the longest run, in virtual ns. */
const MAX_TIME_NS = 3.6e12;

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with a change of a device's control, whose fields' names begin with `name`. */
export function deviceChangeFault(name: string, { device, control, value }: Fields): string | null {
  return (
    wholeFault(`${name}device`, device, 0, 255) ??
    wordFault(`${name}control`, control, DEVICE_CONTROLS) ??
    numberFault(`${name}value`, value, -MAX_COUNT, MAX_COUNT)
  );
}

/** What is wrong with a write to a file of the kernel's. */
export function writeFault(name: string, { file, text }: Fields): string | null {
  return textFault(`${name}file`, file, 1, 96) ?? textFault(`${name}text`, text, 0, 64);
}

function changeFault(name: string, change: unknown): string | null {
  if (!isRecord(change)) return `${name} is ${quoted(change)}; it must be an object`;
  const { kind } = change;
  if (kind === 'device') return deviceChangeFault(`${name}.`, change);
  if (kind === 'write') return writeFault(`${name}.`, change);
  return wordFault(`${name}.kind`, kind, ['device', 'write']);
}

/** What is wrong with the place of a moment in a run. */
export function momentFault(name: string, { event, timeNs }: Fields): string | null {
  return (
    wholeFault(`${name}.event`, event, 0, MAX_COUNT) ??
    wholeFault(`${name}.timeNs`, timeNs, 0, MAX_TIME_NS)
  );
}

/** The first fault of a record, in one sentence, or null. Its changes must be in order. */
export function recordFault(name: string, record: unknown): string | null {
  if (!isRecord(record)) return `${name} is ${quoted(record)}; it must be an object`;
  return momentFault(name, record) ?? journalFault(`${name}.journal`, record['journal'], record);
}

/** The first fault of a list of changes, none of which may be behind `until`. */
export function journalFault(name: string, journal: unknown, until: Fields): string | null {
  if (!Array.isArray(journal)) return `${name} is ${quoted(journal)}; it must be a list`;
  if (journal.length > MAX_CHANGES) {
    return `${name} has ${journal.length} entries; it must have at most ${MAX_CHANGES}`;
  }
  let last: Fields = { event: 0, timeNs: 0 };
  for (const [index, entry] of [...journal, until].entries()) {
    const at = `${name}[${index}]`;
    const isEnd = index === journal.length;
    if (!isRecord(entry)) return `${at} is ${quoted(entry)}; it must be an object`;
    const fault = isEnd
      ? null
      : (momentFault(at, entry) ?? changeFault(`${at}.change`, entry['change']));
    if (fault !== null) return fault;
    if (isBefore(entry, last)) {
      return isEnd
        ? `${name} goes on behind the moment`
        : `${at} is before the change in front of it`;
    }
    last = entry;
  }
  return null;
}

function isBefore(one: Fields, other: Fields): boolean {
  return (
    Number(one['event']) < Number(other['event']) || Number(one['timeNs']) < Number(other['timeNs'])
  );
}
