/** What the command palette offers: the table of commands, and what can be picked by name. */
import { GROWTH_MODES, modeOf } from '../engine/growth-mode.ts';
import { throttleOf } from '../engine/scenario.ts';
import { POLICY_IDS } from '../model/throttle-policies.ts';
import { BUNDLED } from '../store/bundled.ts';
import { COMMANDS, type GridHands } from '../store/commands.ts';
import type { PageState } from '../store/page-state.ts';
import type { Page } from '../store/page.ts';
import { THEMES } from '../store/theme.ts';
import { fitOf } from './fuzzy.ts';
import { capOf } from './key-lines.ts';
import { isFailure } from './log-words.ts';
import { MODE_WORDS } from './mode-words.ts';
import { POLICY_NAMES } from './policy-names.ts';

/** Something to pick. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  /** What kind of thing it is; '' for a command. */
  readonly kind: string;
  readonly keys: readonly string[];
  /** It is so already. */
  readonly isCurrent?: boolean;
  readonly run: (page: Page, grid: GridHands | null) => void;
}

/** An entry that fits, and the characters of its title that were typed. */
export interface Found {
  readonly entry: Entry;
  readonly at: readonly number[];
}

const commands: readonly Entry[] = COMMANDS.filter(({ id }) => id !== 'palette').map(
  ({ id, title, keys, run }) => ({ id, title, kind: '', keys: keys.map((key) => capOf(key)), run }),
);

function panels({ letterKeys, memory }: PageState): readonly Entry[] {
  const flips = [
    ['tableOpen', 'The pools as a table'],
    ['logOpen', 'Kernel log'],
    ['studyOpen', 'The published benchmark'],
  ] as const;
  return [
    ...flips.map(([panel, title]) => ({
      id: panel,
      title,
      kind: 'panel',
      keys: [],
      run: (page: Page) => page.look.toggle(panel),
    })),
    {
      id: 'memory-map',
      title: memory.open ? 'The pools' : 'Memory map',
      kind: 'panel',
      keys: [],
      run: (page) => page.memory.show(!memory.open),
    },
    {
      id: 'rail-usage',
      title: 'Throttle and shell',
      kind: 'panel',
      keys: [],
      run: (page) => page.look.setRailTab('usage'),
    },
    {
      id: 'rail-machine',
      title: 'Machine and devices',
      kind: 'panel',
      keys: [],
      run: (page) => page.look.setRailTab('machine'),
    },
    {
      id: 'share',
      title: 'Share this moment: link or file',
      kind: '',
      keys: [],
      run: (page) => page.look.toggle('shareOpen'),
    },
    {
      id: 'restart',
      title: 'Restart from the beginning',
      kind: '',
      keys: [],
      run: (page) => page.transport.restart(),
    },
    {
      id: 'letter-keys',
      title: letterKeys ? 'Switch single-letter keys off' : 'Switch single-letter keys on',
      kind: '',
      keys: [],
      run: (page) => page.look.setLetterKeys(!letterKeys),
    },
  ];
}

/** What can be laid under the microscope now. */
function searches({ pinned, log, replay }: PageState): readonly Entry[] {
  const mapping = pinned?.mapping ?? null;
  const failure = replay === null ? log.findLast((line) => isFailure(line)) : undefined;
  const entries: Entry[] = [];
  if (mapping !== null) {
    entries.push({
      id: 'search-pinned',
      title: 'The search of the pinned buffer',
      kind: 'microscope',
      keys: [],
      run: (page) => page.microscope.showMapping(mapping),
    });
  }
  if (failure !== undefined) {
    entries.push({
      id: 'search-failed',
      title: 'The last search that failed',
      kind: 'microscope',
      keys: [],
      run: (page) => page.microscope.show({ kind: 'failure', atNs: failure.timeNs }),
    });
  }
  return entries;
}

function looks({ theme }: PageState): readonly Entry[] {
  return THEMES.map((name) => ({
    id: `theme-${name}`,
    title: `${name[0]?.toUpperCase()}${name.slice(1)} theme`,
    kind: 'theme',
    keys: [],
    isCurrent: name === theme,
    run: (page) => page.look.setTheme(name),
  }));
}

function runs({ scenarios, scenario, replay }: PageState): readonly Entry[] {
  const policy = scenario && throttleOf(scenario).policy;
  const mode = scenario && modeOf(scenario.machine);
  const isRun = replay === null;
  return [
    ...scenarios.map((entry) => ({
      id: `scenario-${entry.id}`,
      title: entry.title,
      kind: 'scenario',
      keys: [],
      isCurrent: isRun && entry.id === scenario?.id,
      run: (page: Page) => page.opener.openScenario(entry),
    })),
    ...POLICY_IDS.map((id) => ({
      id: `policy-${id}`,
      title: `${id}: ${POLICY_NAMES[id]}`,
      kind: 'throttling policy',
      keys: [],
      isCurrent: isRun && id === policy,
      run: (page: Page) => page.opener.pickPolicy(id),
    })),
    ...GROWTH_MODES.map((id) => ({
      id: `mode-${id}`,
      title: MODE_WORDS[id].name,
      kind: 'mode of the pool',
      keys: [],
      isCurrent: isRun && id === mode,
      run: (page: Page) => page.opener.pickMode(id),
    })),
    ...BUNDLED.map((recording) => ({
      id: `recording-${recording.name}`,
      title: recording.name,
      kind: 'recording',
      keys: [],
      isCurrent: replay?.name === `${recording.name}.jsonl.gz`,
      run: (page: Page) => void page.opener.openBundled(recording),
    })),
  ];
}

/** Everything that can be picked now. */
export function entriesOf(state: PageState): readonly Entry[] {
  return [...commands, ...panels(state), ...searches(state), ...looks(state), ...runs(state)];
}

/** Those that fit what was typed, the best first; all of them when nothing was. */
export function foundIn(entries: readonly Entry[], typed: string): readonly Found[] {
  const wanted = typed.trim();
  if (wanted === '') return entries.map((entry) => ({ entry, at: [] }));
  const found = entries.flatMap((entry) => {
    const fit = fitOf(`${entry.title} ${entry.kind}`, wanted);
    return fit === null ? [] : [{ entry, fit }];
  });
  return found
    .toSorted((one, other) => other.fit.score - one.fit.score)
    .map(({ entry, fit }) => ({ entry, at: fit.at }));
}
