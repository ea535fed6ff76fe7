import type { Answered } from '../store/memory.ts';
import { page } from '../store/the-page.ts';
import { orderBytes } from './growth-words.ts';
import { ageWords, answerWords, outcomeWords, wishWords } from './memory-words.ts';
import { clock, count, duration } from './words.ts';

const FOR: Readonly<Record<string, string>> = {
  pool: 'pool',
  slots: 'slot array',
  coherent: 'coherent pool',
};

/** Each block asked for, in order. */
function Tries({ answer }: Pick<Answered, 'answer'>) {
  return (
    <ol className="what-if-tries">
      {answer.tries.map((one, row) => (
        // The same order may be asked for twice, of two zones.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={row} className={one.path === 'failed' ? 'fault' : ''}>
          <b>
            <i aria-hidden="true">{one.path === 'failed' ? '✕' : '✓'}</i> order {one.order}
          </b>{' '}
          ({orderBytes(one.order)}) for the {FOR[one.what]}: {answerWords(one)}
        </li>
      ))}
    </ol>
  );
}

/** The same growth on the machine as it was before. */
function Earlier({ answers }: { readonly answers: readonly Answered[] }) {
  if (answers.length === 0) return null;
  return (
    <ul className="what-if-earlier" aria-label="The same growth before">
      {answers.map(({ serial, ageing, answer }) => (
        <li key={serial}>
          Before, {ageWords(ageing)}:{' '}
          <b>{answer.slots === 0 ? 'nothing' : `${count(answer.slots)} slots`}</b>
        </li>
      ))}
    </ul>
  );
}

/** Asks the page allocator, without changing the machine. */
export function WhatIfPanel() {
  const answers = page.use((state) => state.memory.answers);
  const asking = page.use((state) => state.memory.asking);
  const serial = page.use((state) => state.serial);
  const ageing = page.use((state) => state.scenario?.machine.ageing);
  const [newest, ...older] = answers;
  const now = newest?.serial === serial ? newest : undefined;
  return (
    <section className="what-if" aria-labelledby="what-if-head">
      <h3 id="what-if-head">What if?</h3>
      <button
        type="button"
        className="loud"
        aria-disabled={asking}
        title="A copy of the page allocator is asked, compaction included; the machine stays as it is"
        onClick={() => {
          if (!asking) page.memory.ask();
        }}
      >
        Would growth succeed now?
      </button>
      <div aria-live="polite">
        {now === undefined ? (
          <p className="label">
            Asks a copy of the page allocator what the growth worker would get. Nothing changes.
          </p>
        ) : (
          <>
            <p className="what-if-outcome" data-testid="what-if-outcome">
              {outcomeWords(now.answer)}
            </p>
            <Tries answer={now.answer} />
            <p className="label">
              {now.answer.canGrow && `${wishWords(now.answer)} `}
              At {clock(now.answer.timeNs)}, memory {ageWords(ageing ?? now.ageing)}
              {now.answer.canGrow && `; ${duration(now.answer.costNs)} modelled`}.
            </p>
          </>
        )}
        <Earlier answers={now === undefined ? answers : older} />
      </div>
    </section>
  );
}
