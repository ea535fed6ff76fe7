import { useEffect, useRef } from 'react';
import { tesarik2023Words as words } from '../scenarios/study/tesarik-2023-words.ts';
import { tesarik2023 } from '../scenarios/study/tesarik-2023.ts';
import type { StudyState } from '../store/study.ts';
import { page } from '../store/the-page.ts';
import { study } from '../store/the-study.ts';
import type { Effect, Verdict } from '../worker/study-protocol.ts';
import { Icon } from './icons.tsx';
import { MachineTables } from './study-tables.tsx';

/** Filled, half, hollow: a verdict is told by shape and word. */
const SHAPES: Readonly<Record<Verdict, string>> = {
  shown: 'full',
  partly: 'half',
  'not shown': 'hollow',
};

const PHASES: Readonly<Record<StudyState['phase'], string>> = {
  idle: 'Nothing of it has been run yet.',
  running: 'It runs beside the page.',
  done: 'All runs are done; they come out the same every time.',
  stopped: 'Stopped. Rows that were finished stay.',
};

/** What runs now, and how much of it is done. */
function Progress() {
  const progress = study.use((state) => state.progress);
  const { done = 0, total = 1, machine, load, variant } = progress ?? {};
  const title = words.machines[machine ?? '']?.title ?? '';
  return (
    <label className="study-progress">
      <progress value={done} max={total} />
      <span>
        {progress === null
          ? 'starting'
          : `run ${done + 1} of ${total}: ${title}, ${load}, ${variant}`}
      </span>
    </label>
  );
}

/** Runs it, stops it, and says how it stands. */
function Controls() {
  const phase = study.use((state) => state.phase);
  const fault = study.use((state) => state.fault);
  const isRunning = phase === 'running';
  return (
    <div className="study-controls">
      {phase !== 'done' && (
        <button
          type="button"
          className={isRunning ? 'quiet' : 'loud'}
          onClick={() => (isRunning ? study.cancel() : study.run(tesarik2023.id))}
        >
          {isRunning ? 'Cancel' : 'Run it in the model'}
        </button>
      )}
      {isRunning && <Progress />}
      <output className={isRunning ? 'hidden-text' : ''}>{fault ?? PHASES[phase]}</output>
    </div>
  );
}

function EffectItem({ effect }: { readonly effect: Effect }) {
  const { claim, verdict, numbers } = effect;
  return (
    <li data-testid="study-effect">
      <p>
        <span className="study-verdict">
          <i className={SHAPES[verdict]} aria-hidden="true" />
          {verdict}
        </span>{' '}
        <b>{claim}</b>
      </p>
      <p>{numbers}</p>
    </li>
  );
}

function Effects() {
  const effects = study.use((state) => state.effects);
  return (
    <section aria-labelledby="study-effects">
      <h3 id="study-effects">What was published besides, and whether the model shows it</h3>
      {effects.length === 0 ? (
        <p className="prose">Judged by the numbers as soon as every run is over.</p>
      ) : (
        <ul className="study-effects prose">
          {effects.map((effect) => (
            <EffectItem key={effect.id} effect={effect} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Sentences({
  id,
  head,
  list,
}: {
  readonly id: string;
  readonly head: string;
  readonly list: readonly string[];
}) {
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{head}</h3>
      <ul className="prose">
        {list.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}

/** What is measured, who measured it, and what the words in the tables mean. */
function Introduction() {
  return (
    <div className="prose study-words">
      <p>
        Does a pool that starts small and grows cost bandwidth? The author of dynamic growth
        measured it: <b>published</b> figures are his, of real machines ({words.source}).{' '}
        <b>Modelled</b> figures are computed here, from assumed loads and costs; nothing is
        measured.
      </p>
      <dl>
        <div>
          <dt>base</dt>
          <dd>one pool of 64 MiB, which cannot grow</dd>
        </div>
        <div>
          <dt>default</dt>
          <dd>a kernel whose pool can grow, also of 64 MiB at boot</dd>
        </div>
        <div>
          <dt>growing</dt>
          <dd>the same kernel with 1 MiB at boot</dd>
        </div>
        <div>
          <dt>var</dt>
          <dd>how much five runs differ: coefficient of variance of their bandwidth</dd>
        </div>
        <div>
          <dt>diff</dt>
          <dd>mean bandwidth against base; above zero is faster</dd>
        </div>
        <div>
          <dt>small, big</dt>
          <dd>one thread that reads and writes blocks of 4 or of 64 KiB</dd>
        </div>
        <div>
          <dt>4way, 24way</dt>
          <dd>4 or 24 such threads, blocks of 4 KiB</dd>
        </div>
        <div>
          <dt>CoCo VM</dt>
          <dd>confidential: memory is encrypted, and each page of a pool must be converted</dd>
        </div>
      </dl>
    </div>
  );
}

/** The published benchmark beside the model's own run of it. */
export function StudyDialog() {
  const panel = useRef<HTMLDialogElement>(null);
  const rows = study.use((state) => state.rows);
  useEffect(() => {
    const dialog = panel.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
      study.cancel();
    };
  }, []);
  return (
    <dialog
      ref={panel}
      className="help study"
      aria-labelledby="study-head"
      onClose={() => {
        if (page.state.studyOpen) page.look.toggle('studyOpen');
      }}
      closedby="any"
    >
      <div>
        <h2 id="study-head">
          The published benchmark
          <button
            type="button"
            className="help-close"
            aria-label="Close"
            onClick={() => panel.current?.close()}
          >
            <Icon name="close" />
          </button>
        </h2>
        <Introduction />
        <Controls />
        {tesarik2023.machines.map((machine) => (
          <MachineTables
            key={machine.id}
            machine={machine}
            words={words.machines[machine.id]}
            published={tesarik2023.published}
            rows={rows}
          />
        ))}
        <Effects />
        <Sentences id="study-cannot" head="What the model cannot show" list={words.cannotShow} />
        <Sentences id="study-assumed" head="Assumed of all machines" list={words.assumptions} />
      </div>
    </dialog>
  );
}
