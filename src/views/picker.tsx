import { useRef } from 'react';
import { SCENARIO_GROUPS, type Scenario, type ScenarioGroup } from '../engine/scenario.ts';
import { BUNDLED } from '../store/bundled.ts';
import { page } from '../store/the-page.ts';
import { focusGrid } from './grid-controls.ts';
import { Icon } from './icons.tsx';

interface Choice {
  readonly key: string;
  readonly title: string;
  readonly what: string;
  readonly current: boolean;
  readonly pick: () => void;
}

const HEADS: Readonly<Record<ScenarioGroup, string>> = {
  allocator: 'The allocator',
  throttling: 'Throttling: the arguments of the list',
  growing: 'Growing: where more memory comes from',
};

function useChoices(): readonly (readonly [string, readonly Choice[]])[] {
  const scenarios = page.use((state) => state.scenarios);
  const scenario = page.use((state) => state.scenario);
  const replay = page.use((state) => state.replay);
  const choiceOf = (entry: Scenario): Choice => ({
    key: entry.id,
    title: entry.title,
    what: entry.watch,
    current: !replay && entry.id === scenario?.id,
    pick: () => page.opener.openScenario(entry),
  });
  const inGroup = (group: ScenarioGroup) =>
    scenarios.filter((entry) => (entry.group ?? 'allocator') === group).map(choiceOf);
  return [
    ...SCENARIO_GROUPS.map((group) => [HEADS[group], inGroup(group)] as const),
    [
      'Recordings of a real kernel',
      BUNDLED.map((recording) => ({
        key: recording.name,
        title: recording.name,
        what: recording.what,
        current: replay?.name === `${recording.name}.jsonl.gz`,
        pick: () => void page.opener.openBundled(recording),
      })),
    ],
  ];
}

function ChoiceRow({ choice, close }: { readonly choice: Choice; readonly close: () => void }) {
  const { title, what, current, pick } = choice;
  return (
    <li>
      <button
        type="button"
        aria-current={current}
        onClick={() => {
          pick();
          close();
        }}
      >
        <b>{title}</b>
        <span>{what}</span>
      </button>
    </li>
  );
}

function OpenFile({ done }: { readonly done: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <li>
      <button type="button" onClick={() => input.current?.click()}>
        <b>Open a file …</b>
        <span>
          a recording of your own machine, .jsonl or .jsonl.gz, or a saved session, .json; or drop
          it on the page
        </span>
      </button>
      <input
        ref={input}
        type="file"
        accept=".jsonl,.gz,.json,.txt"
        aria-label="Recording or session"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void page.opener.openFile(file);
          done();
        }}
      />
    </li>
  );
}

/** A recording by its file's name without what it ends in, else the scenario. */
function runningTitle(file: string | undefined, title: string | undefined): string {
  return file?.replace(/\.jsonl(?:\.gz)?$/, '') ?? title ?? 'Starting';
}

/** What runs, and what else could. The browser closes the popover on Escape and on a click beside. */
export function Picker() {
  const menu = useRef<HTMLDivElement>(null);
  const groups = useChoices();
  const title = page.use((state) => runningTitle(state.replay?.name, state.scenario?.title));
  // Hiding gives the focus back to the button, where Space would open the menu again.
  const close = () => {
    menu.current?.hidePopover();
    focusGrid();
  };
  return (
    <>
      <button
        type="button"
        className="picker-button"
        popoverTarget="picker"
        title={title}
        onClick={() => void page.library.look()}
      >
        <span className="hidden-text">What runs: </span>
        <span className="picker-title">{title}</span>
        <Icon name="down" />
      </button>
      <div ref={menu} id="picker" className="picker" popover="auto">
        {groups.map(([head, choices], group) => (
          <section key={head} aria-label={head}>
            <h2>{head}</h2>
            <ul>
              {choices.map((choice) => (
                <ChoiceRow key={choice.key} choice={choice} close={close} />
              ))}
              {group === groups.length - 1 && <OpenFile done={close} />}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}
