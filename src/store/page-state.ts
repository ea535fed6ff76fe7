/** Everything the page knows, in one place. Changed only by the actions in this folder. */
import type { ColourMode } from '../engine/frame.ts';
import type { Beside, Scenario } from '../engine/scenario.ts';
import type {
  Difference,
  GrowthAttempt,
  LogLine,
  MachineSummary,
  OwnReport,
  ReplaySummary,
  SlotDetail,
  SlotRef,
  SlotStory,
} from '../worker/protocol.ts';
import { INITIAL_MEMORY, type MemoryState } from './memory.ts';
import { INITIAL_SCOPE, type ScopeState } from './microscope.ts';
import type { Bookmark } from './bookmarks.ts';
import type { Readout } from './readout.ts';
import { INITIAL_SHELL, type ShellState } from './shell/screen.ts';
import { INITIAL_TIME, type TimeState } from './time-travel.ts';
import type { Theme } from './theme.ts';

/** A sentence the user can read and put away. */
export interface Notice {
  readonly id: number;
  readonly tone: 'fault' | 'news';
  readonly text: string;
}

/** A recording or a session on its way in. `total` 0: not known yet. */
export interface Opening {
  readonly name: string;
  readonly done: number;
  readonly total: number;
  /** What is counted; left out: bytes. */
  readonly unit?: 'events';
}

export type RailTab = 'usage' | 'machine';

export interface PageState {
  /** 'stopped': the worker died again and again and waits for the user. */
  readonly phase: 'starting' | 'ready' | 'stopped';
  readonly scenarios: readonly Scenario[];
  /** The scenario that runs or, during a replay, the one to come back to. Carries live edits. */
  readonly scenario: Scenario | null;
  readonly machine: MachineSummary | null;
  readonly replay: ReplaySummary | null;
  readonly serial: number;
  readonly opening: Opening | null;
  readonly difference: Difference | null;
  readonly log: readonly LogLine[];
  readonly suppressed: number;
  /** The newest attempts to grow, how many there were in all, and the page allocator's lists. */
  readonly growth: readonly GrowthAttempt[];
  readonly growthCount: number;
  readonly buddyinfo: string | null;
  /** Buffers with pages of their own; null where there is no such thing. */
  readonly own: OwnReport | null;
  readonly memory: MemoryState;
  readonly scope: ScopeState;
  /** The stretch of the timeline that is selected, virtual ns. */
  readonly span: { readonly fromNs: number; readonly toNs: number } | null;
  readonly time: TimeState;
  /** In the order of their moments. */
  readonly bookmarks: readonly Bookmark[];
  /** The stretch that is played again and again, virtual ns. */
  readonly loop: { readonly fromNs: number; readonly toNs: number } | null;
  readonly readout: Readout | null;
  /** What was chosen to run beside the run, and what does by now. */
  readonly beside: Beside | null;
  readonly besideNow: Beside | null;
  readonly hovered: SlotStory | null;
  readonly pinnedAt: SlotRef | null;
  readonly pinned: SlotStory | null;
  readonly detail: SlotDetail | null;
  readonly shell: ShellState;
  readonly notices: readonly Notice[];
  readonly theme: Theme;
  readonly colourMode: ColourMode;
  /** Legend entries switched off. */
  readonly hidden: ReadonlySet<string>;
  /** Position of the speed dial. */
  readonly dial: number;
  readonly reducedMotion: boolean;
  readonly logOpen: boolean;
  readonly helpOpen: boolean;
  readonly paletteOpen: boolean;
  readonly shareOpen: boolean;
  /** Single characters are keys of the page. */
  readonly letterKeys: boolean;
  /** The change that would be undone, or done again, in words; null = there is none. */
  readonly canUndo: string | null;
  readonly canRedo: string | null;
  readonly studyOpen: boolean;
  readonly exportOpen: boolean;
  readonly tableOpen: boolean;
  readonly railTab: RailTab;
  /** The first notes go with the first click. */
  readonly touched: boolean;
}

export const INITIAL_STATE: PageState = {
  phase: 'starting',
  scenarios: [],
  scenario: null,
  machine: null,
  replay: null,
  serial: -1,
  opening: null,
  difference: null,
  log: [],
  suppressed: 0,
  growth: [],
  growthCount: 0,
  buddyinfo: null,
  own: null,
  memory: INITIAL_MEMORY,
  scope: INITIAL_SCOPE,
  span: null,
  time: INITIAL_TIME,
  bookmarks: [],
  loop: null,
  readout: null,
  beside: null,
  besideNow: null,
  hovered: null,
  pinnedAt: null,
  pinned: null,
  detail: null,
  shell: INITIAL_SHELL,
  notices: [],
  theme: 'dark',
  colourMode: 'device',
  hidden: new Set(),
  dial: 2,
  reducedMotion: false,
  logOpen: false,
  helpOpen: false,
  paletteOpen: false,
  shareOpen: false,
  letterKeys: true,
  canUndo: null,
  canRedo: null,
  studyOpen: false,
  exportOpen: false,
  tableOpen: false,
  railTab: 'usage',
  touched: false,
};
