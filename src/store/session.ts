/**
 * A session as data: what runs, what was done to it, the moment, and how it is looked at. Links and
 * session files hold the same; `public/session.schema.json` describes it for others.
 */
import type { ColourMode } from '../engine/frame.ts';
import type { Beside, Scenario } from '../engine/scenario.ts';
import type { RunPast, RunRecord, SlotRef } from '../worker/protocol.ts';
import type { PageState, RailTab } from './page-state.ts';
import type { Theme } from './theme.ts';

export const SESSION_FORMAT = 'bouncescope-session';
/** Raised when an older page could no longer make sense of what a newer one writes. */
export const SESSION_VERSION = 1;

/** How the page looks at the run. */
export interface SessionView {
  readonly theme: Theme;
  readonly colourMode: ColourMode;
  readonly railTab: RailTab;
  /** Legend entries switched off. */
  readonly hidden: readonly string[];
  /** Position of the speed dial. */
  readonly dial: number;
  readonly tableOpen: boolean;
  readonly logOpen: boolean;
  readonly beside: Beside | null;
}

/** A session with its scenario whole, as the page uses it. */
export interface Session {
  readonly scenario: Scenario;
  readonly record: RunRecord;
  /** Of the state at the moment, to tell whether this page came to the same; '' = not known. */
  readonly hash: string;
  readonly view: SessionView;
  readonly pinned: SlotRef | null;
}

/** A scenario by name, with the fields that differ from the one that ships, or whole. */
export type NamedScenario =
  { readonly id: string; readonly changed: Partial<Scenario> } | { readonly whole: Scenario };

/** A session as it is written. */
export interface SessionData {
  readonly format: typeof SESSION_FORMAT;
  readonly version: typeof SESSION_VERSION;
  readonly scenario: NamedScenario;
  readonly journal: RunRecord['journal'];
  readonly moment: { readonly event: number; readonly timeNs: number };
  readonly hash: string;
  readonly view: SessionView;
  readonly pinned: SlotRef | null;
}

/** The session that the page is in. */
export function sessionOf({ scenario, record, hash }: RunPast, state: PageState): Session {
  const { theme, colourMode, railTab, hidden, dial, tableOpen, logOpen, beside } = state;
  const view = { theme, colourMode, railTab, dial, tableOpen, logOpen, beside };
  return {
    scenario,
    record,
    hash,
    view: { ...view, hidden: [...hidden].toSorted() },
    pinned: state.pinnedAt,
  };
}

/** JSON with the fields of every object in order, so that the same data is the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(
          Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)),
        )
      : part,
  );
}

/** By its name where it ships and nothing of it was taken away, else whole. */
function named(scenario: Scenario, shipped: readonly Scenario[]): NamedScenario {
  const base = shipped.find(({ id }) => id === scenario.id);
  if (base === undefined || Object.keys(base).some((key) => !Object.hasOwn(scenario, key))) {
    return { whole: scenario };
  }
  const original = new Map(Object.entries(base));
  const changed = Object.entries(scenario).filter(
    ([key, field]) => canonical(field) !== canonical(original.get(key) ?? null),
  );
  return { id: scenario.id, changed: Object.fromEntries(changed) };
}

/**
 * A session to be written.
 *
 * @param shipped scenarios that the reader will know by name: none for a file, which explains itself.
 */
export function dataOf(session: Session, shipped: readonly Scenario[]): SessionData {
  const { scenario, record, hash, view, pinned } = session;
  return {
    format: SESSION_FORMAT,
    version: SESSION_VERSION,
    scenario: named(scenario, shipped),
    journal: record.journal,
    moment: { event: record.event, timeNs: record.timeNs },
    hash,
    view,
    pinned,
  };
}
