/**
 * Sessions from outside, checked field by field and built anew from what was checked. The first fault
 * is told in one clause: which field, what was there, what was expected.
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
import { journalFault, momentFault } from '../engine/record-check.ts';
import { checkScenario } from '../engine/scenario-check.ts';
import type { Scenario } from '../engine/scenario.ts';
import { POLICY_IDS } from '../model/throttle-policies.ts';
import { BUNDLED } from './bundled.ts';
import { SESSION_FORMAT, SESSION_VERSION, type Session, type SessionData } from './session.ts';
import { DIAL_MAX } from './speed.ts';
import { THEMES } from './theme.ts';

/** Longest text of a session that is read, characters. */
export const MAX_SESSION_CHARS = 4 * 1024 * 1024;
/** Deepest nesting of lists and objects. */
const MAX_DEPTH = 16;
const MAX_HIDDEN = 64;
const RAIL_TABS = ['usage', 'machine'];

type Fields = Readonly<Record<string, unknown>>;

/** A session, or one clause on why it is none. */
export type SessionCheck =
  | { readonly kind: 'ok'; readonly session: Session }
  | { readonly kind: 'bad'; readonly fault: string };

const bad = (fault: string): SessionCheck => ({ kind: 'bad', fault });

/** Whether brackets nest deeper than any session's, without reading what is in them. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') inText = !inText;
    else if (inText) at += char === '\\' ? 1 : 0;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** Reads the text of a session. @param shipped scenarios that are known by name. */
export function readSession(text: string, shipped: readonly Scenario[]): SessionCheck {
  if (text.length > MAX_SESSION_CHARS) {
    return bad(`it has ${text.length} characters; at most ${MAX_SESSION_CHARS} are read`);
  }
  if (isTooDeep(text)) return bad(`it nests deeper than ${MAX_DEPTH} levels, as no session does`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad('it is no complete JSON; it may have been cut off on its way');
  }
  return checkSession(value, shipped);
}

/** Checks a session as it was parsed. */
export function checkSession(value: unknown, shipped: readonly Scenario[]): SessionCheck {
  if (!isRecord(value)) return bad(`it is ${quoted(value)}; a session is an object`);
  const { format, version } = value;
  if (format !== SESSION_FORMAT) {
    return bad(`format is ${quoted(format)}; it must be "${SESSION_FORMAT}"`);
  }
  if (typeof version === 'number' && version > SESSION_VERSION) {
    return bad(
      `it is of version ${version}, from a newer page; this one reads version ${SESSION_VERSION}`,
    );
  }
  const fault =
    wholeFault('version', version, SESSION_VERSION, SESSION_VERSION) ??
    strangerFault('', value, FIELDS) ??
    restFault(value);
  if (fault !== null) return bad(fault);
  const scenario = scenarioOf(value['scenario'], shipped);
  return scenario.kind === 'ok' ? built(value, scenario.scenario) : scenario;
}

const FIELDS = ['format', 'version', 'scenario', 'journal', 'moment', 'hash', 'view', 'pinned'];
const VIEW_FIELDS = [
  'theme',
  'colourMode',
  'railTab',
  'hidden',
  'dial',
  'tableOpen',
  'logOpen',
  'beside',
];

/** A field that no session of this version has. */
function strangerFault(name: string, fields: Fields, known: readonly string[]): string | null {
  const stranger = Object.keys(fields).find((key) => !known.includes(key));
  return stranger === undefined ? null : `there is no field ${name}${stranger.slice(0, 40)}`;
}

function restFault({ journal, moment, hash, view, pinned }: Fields): string | null {
  if (!isRecord(moment)) return `moment is ${quoted(moment)}; it must be an object`;
  return (
    strangerFault('moment.', moment, ['event', 'timeNs']) ??
    momentFault('moment', moment) ??
    journalFault('journal', journal, moment) ??
    hashFault(hash) ??
    viewFault(view) ??
    slotFault(pinned)
  );
}

function hashFault(hash: unknown): string | null {
  if (typeof hash === 'string' && /^(?:[0-9a-f]{16}-[0-9a-f]{16})?$/.test(hash)) return null;
  return `hash is ${quoted(hash)}; it must be 16 hex digits, a hyphen and 16 more, or empty`;
}

function viewFault(view: unknown): string | null {
  if (!isRecord(view)) return `view is ${quoted(view)}; it must be an object`;
  return (
    strangerFault('view.', view, VIEW_FIELDS) ??
    wordFault('view.theme', view['theme'], THEMES) ??
    wordFault('view.colourMode', view['colourMode'], COLOUR_MODES) ??
    wordFault('view.railTab', view['railTab'], RAIL_TABS) ??
    hiddenFault(view['hidden']) ??
    numberFault('view.dial', view['dial'], 0, DIAL_MAX) ??
    flagFault('view.tableOpen', view['tableOpen']) ??
    flagFault('view.logOpen', view['logOpen']) ??
    besideFault(view['beside'])
  );
}

function hiddenFault(hidden: unknown): string | null {
  if (!Array.isArray(hidden)) return `view.hidden is ${quoted(hidden)}; it must be a list`;
  if (hidden.length > MAX_HIDDEN) {
    return `view.hidden has ${hidden.length} entries; it must have at most ${MAX_HIDDEN}`;
  }
  const faults = hidden.map((key, index) => textFault(`view.hidden[${index}]`, key, 1, 64));
  return faults.find((fault) => fault !== null) ?? null;
}

function besideFault(beside: unknown): string | null {
  if (beside === null) return null;
  if (!isRecord(beside)) return `view.beside is ${quoted(beside)}; it must be an object or null`;
  const { kind, policy, mode, name } = beside;
  const field = kind === 'recording' ? 'name' : String(kind);
  const stranger = strangerFault('view.beside.', beside, ['kind', field]);
  if (stranger !== null) return stranger;
  if (kind === 'policy') return wordFault('view.beside.policy', policy, POLICY_IDS);
  if (kind === 'mode') return wordFault('view.beside.mode', mode, GROWTH_MODES);
  if (kind !== 'recording') {
    return wordFault('view.beside.kind', kind, ['policy', 'mode', 'recording']);
  }
  const names = BUNDLED.map((recording) => recording.name);
  return wordFault('view.beside.name', name, names);
}

function slotFault(at: unknown): string | null {
  if (at === null) return null;
  if (!isRecord(at)) return `pinned is ${quoted(at)}; it must be a slot or null`;
  return (
    strangerFault('pinned.', at, ['pool', 'slot']) ??
    wholeFault('pinned.pool', at['pool'], 0, 2 ** 32) ??
    wholeFault('pinned.slot', at['slot'], 0, 2 ** 32)
  );
}

const badScenario = (text: string): ScenarioOf => ({ kind: 'bad', fault: text });

type ScenarioOf =
  { readonly kind: 'ok'; readonly scenario: Scenario } | (SessionCheck & { kind: 'bad' });

function scenarioOf(value: unknown, shipped: readonly Scenario[]): ScenarioOf {
  if (!isRecord(value)) return badScenario(`scenario is ${quoted(value)}; it must be an object`);
  let whole = value['whole'];
  if (whole === undefined) {
    const { id, changed } = value;
    const base = shipped.find((scenario) => scenario.id === id);
    if (base === undefined) {
      return badScenario(`scenario.id is ${quoted(id)}; this page has no scenario of that name`);
    }
    if (!isRecord(changed))
      return badScenario(`scenario.changed is ${quoted(changed)}; it must be an object`);
    whole = { ...base, ...changed };
  }
  const stranger = strangerFault(
    'scenario.',
    value,
    'whole' in value ? ['whole'] : ['id', 'changed'],
  );
  if (stranger !== null) return badScenario(stranger);
  const checked = checkScenario(whole);
  if (checked.kind === 'faulty')
    return badScenario(`scenario: ${checked.faults[0] ?? 'it has a fault'}`);
  return { kind: 'ok', scenario: checked.scenario };
}

/** What was checked above, and nothing else. */
function built(value: Fields, scenario: Scenario): SessionCheck {
  const data = value as unknown as SessionData;
  const { moment, hash, view, pinned } = data;
  const journal = data.journal.map(({ event, timeNs, change }) => ({
    event,
    timeNs,
    change:
      change.kind === 'write'
        ? { kind: change.kind, file: change.file, text: change.text }
        : {
            kind: change.kind,
            device: change.device,
            control: change.control,
            value: change.value,
          },
  }));
  return {
    kind: 'ok',
    session: { scenario, record: { journal, ...moment }, hash, view, pinned },
  };
}
