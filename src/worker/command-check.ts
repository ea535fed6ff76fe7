/**
 * Commands as they come over the port, checked field by field. A bad one becomes one sentence and
 * changes nothing.
 */
import {
  flagFault,
  isRecord,
  numberFault,
  quoted,
  textFault,
  wholeFault,
  wordFault,
} from '../engine/field-check.ts';
import { COLOUR_MODES } from '../engine/frame.ts';
import { GROWTH_MODES } from '../engine/growth-mode.ts';
import { deviceChangeFault, recordFault, writeFault } from '../engine/record-check.ts';
import { checkScenario } from '../engine/scenario-check.ts';
import { MAX_DETAIL_SLOTS } from '../engine/slot-story.ts';
import { POLICY_IDS } from '../model/throttle-policies.ts';
import { SEGMENT_BYTES } from '../model/geometry.ts';
import type { Command, Grain, RefusedCommand } from './protocol.ts';

/** Largest file a recording may be, as it lies on disk. */
export const MAX_RECORDING_BYTES = 64 * 1024 * 1024;
const MAX_ID = Number.MAX_SAFE_INTEGER;
/** More pageblocks than the largest machine has. */
const MAX_CELL = 2 ** 20;
/** More CPUs than the largest machine has, and more bytes than any pool gives to one request. */
const MAX_CPU = 0x3fff;
const MAX_ASKED_BYTES = 16 * SEGMENT_BYTES;

const GRAINS: readonly Grain[] = ['event', 'decision', 'interesting', 'tick'];

/** A command that may be obeyed, or one sentence on why not. */
export type CheckedCommand =
  | { readonly kind: 'ok'; readonly command: Command }
  | { readonly kind: 'bad'; readonly command: RefusedCommand; readonly sentence: string };

type Fields = Readonly<Record<string, unknown>>;
/** Gives the first fault in one sentence, or null. */
type Check = (fields: Fields) => string | null;

const CHECKS: { readonly [kind in Command['kind']]: Check } = {
  load: ({ scenario, play, record }) => {
    const checked = checkScenario(scenario);
    if (checked.kind === 'faulty') return checked.faults[0] ?? 'the scenario has a fault';
    if (typeof play !== 'boolean') return `play is ${quoted(play)}; it must be true or false`;
    return record === undefined ? null : recordFault('record', record);
  },
  replay: ({ name, bytes }) => recordingFault(name, bytes),
  play: () => null,
  pause: () => null,
  step: () => null,
  restart: () => null,
  'step-past': () => null,
  seek: seekFault,
  move: ({ grain, direction }) =>
    wordFault('grain', grain, GRAINS) ??
    (direction === 1 || direction === -1
      ? null
      : `direction is ${quoted(direction)}; it must be 1 or -1`),
  branch: ({ act, id, name }) =>
    wordFault('act', act, ['switch', 'rename', 'delete']) ??
    wholeFault('id', id, 1, MAX_ID) ??
    (act === 'rename' ? textFault('name', name, 1, 40) : null),
  speed: ({ speed }) => speedFault(speed),
  device: (fields) => deviceChangeFault('', fields),
  write: (fields) => wholeFault('id', fields['id'], 0, MAX_ID) ?? writeFault('', fields),
  shadow: ({ beside }) => rerunFault(beside),
  'shadow-replay': ({ name, bytes }) => recordingFault(name, bytes),
  colour: ({ mode }) => wordFault('mode', mode, COLOUR_MODES),
  hover: ({ at }) => slotFault('at', at),
  pin: ({ at }) => slotFault('at', at),
  detail: ({ from, count }) =>
    slotFault('from', from) ?? wholeFault('count', count, 0, MAX_DETAIL_SLOTS),
  'memory-watch': ({ on, cell }) =>
    typeof on === 'boolean'
      ? wholeFault('cell', cell, -1, MAX_CELL)
      : `on is ${quoted(on)}; it must be true or false`,
  'what-if': ({ id }) => wholeFault('id', id, 0, MAX_ID),
  pagetypeinfo: ({ id }) => wholeFault('id', id, 0, MAX_ID),
  explain: ({ id, ask }) => wholeFault('id', id, 0, MAX_ID) ?? explainFault(ask),
  frame: ({ buffer }) =>
    buffer instanceof ArrayBuffer ? null : `buffer is ${quoted(buffer)}; it must be a buffer`,
  hash: ({ id }) => wholeFault('id', id, 0, MAX_ID),
  record: ({ id }) => wholeFault('id', id, 0, MAX_ID),
};

/** Checks a message from the port. */
export function checkCommand(message: unknown): CheckedCommand {
  if (!isRecord(message)) {
    return { kind: 'bad', command: 'unknown', sentence: `${quoted(message)} is no command` };
  }
  const kind = message['kind'];
  if (!isCommandKind(kind)) {
    return { kind: 'bad', command: 'unknown', sentence: `there is no command ${quoted(kind)}` };
  }
  const fault = CHECKS[kind](message);
  if (fault !== null) return { kind: 'bad', command: kind, sentence: fault };
  return { kind: 'ok', command: message as unknown as Command };
}

function isCommandKind(kind: unknown): kind is Command['kind'] {
  return typeof kind === 'string' && Object.hasOwn(CHECKS, kind);
}

function seekFault({ to, event, timeNs }: Fields): string | null {
  const fault = wordFault('to', to, ['event', 'time', 'end']);
  if (fault !== null || to === 'end') return fault;
  if (to === 'event') return wholeFault('event', event, 0, MAX_ID);
  return numberFault('timeNs', timeNs, 0, MAX_ID);
}

function rerunFault(beside: unknown): string | null {
  if (beside === null) return null;
  if (!isRecord(beside)) return `beside is ${quoted(beside)}; it must be an object or null`;
  if (beside['kind'] === 'policy') {
    return wordFault('beside.policy', beside['policy'], POLICY_IDS);
  }
  if (beside['kind'] === 'mode') return wordFault('beside.mode', beside['mode'], GROWTH_MODES);
  return wordFault('beside.kind', beside['kind'], ['policy', 'mode']);
}

function recordingFault(name: unknown, bytes: unknown): string | null {
  if (!(bytes instanceof ArrayBuffer)) return `bytes is ${quoted(bytes)}; it must be a buffer`;
  if (bytes.byteLength > MAX_RECORDING_BYTES) {
    return `the file has ${bytes.byteLength} bytes; at most ${MAX_RECORDING_BYTES} are read`;
  }
  return textFault('name', name, 0, 255);
}

function speedFault(speed: unknown): string | null {
  if (!isRecord(speed)) return `speed is ${quoted(speed)}; it must be an object`;
  if (speed['kind'] === 'events') {
    return numberFault('speed.perSecond', speed['perSecond'], 0.1, 1000);
  }
  if (speed['kind'] === 'time') return numberFault('speed.factor', speed['factor'], 0.00001, 10);
  return wordFault('speed.kind', speed['kind'], ['events', 'time']);
}

function explainFault(ask: unknown): string | null {
  if (ask === null) return null;
  if (!isRecord(ask)) return `ask is ${quoted(ask)}; it must be an object or null`;
  const fault = wordFault('ask.kind', ask['kind'], ['request', 'mapping', 'failure', 'life']);
  if (fault !== null) return fault;
  if (ask['kind'] === 'request') return requestFault(ask);
  if (ask['kind'] === 'life') {
    return ask['at'] === null
      ? 'ask.at is null; it must be a slot'
      : slotFault('ask.at', ask['at']);
  }
  return (
    numberFault('ask.atNs', ask['atNs'], 0, MAX_ID) ??
    (ask['kind'] === 'mapping' ? wholeFault('ask.serial', ask['serial'], 1, MAX_ID) : null)
  );
}

function requestFault({ device, cpu, orig, size, pages }: Fields): string | null {
  return (
    wholeFault('ask.device', device, 0, 255) ??
    wholeFault('ask.cpu', cpu, 0, MAX_CPU) ??
    wholeFault('ask.orig', orig, 0, MAX_ID) ??
    wholeFault('ask.size', size, 1, MAX_ASKED_BYTES) ??
    flagFault('ask.pages', pages)
  );
}

function slotFault(name: string, at: unknown): string | null {
  if (at === null) return null;
  if (!isRecord(at)) return `${name} is ${quoted(at)}; it must be a slot or null`;
  return (
    wholeFault(`${name}.pool`, at['pool'], 0, MAX_ID) ??
    wholeFault(`${name}.slot`, at['slot'], 0, 2 ** 32)
  );
}
