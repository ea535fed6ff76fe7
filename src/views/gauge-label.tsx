import { useId, useState } from 'react';
import { THRESHOLD_FILES, type Threshold } from '../store/throttle.ts';
import { readThreshold } from './threshold-entry.ts';
import { MEANINGS } from './meanings.ts';
import { count, percent, slotBytes } from './words.ts';

interface LabelProps {
  readonly which: Threshold;
  readonly slots: number;
  readonly capacity: number;
  /** Middle of the label, px from the gauge's top. */
  readonly y: number;
  /** Null where it cannot be set. */
  readonly set: ((slots: number) => void) | null;
}

function Words({ which, slots, capacity }: Pick<LabelProps, 'which' | 'slots' | 'capacity'>) {
  return (
    <>
      <b>
        {which} {count(slots)}
      </b>
      <span className="wide">
        {' '}
        · {slots > capacity ? 'out of reach' : `${slotBytes(slots)} · ${percent(slots, capacity)}`}
      </span>
    </>
  );
}

interface FieldProps extends LabelProps {
  readonly close: () => void;
}

/** Takes slots, MiB or percent. */
function Field({ which, slots, capacity, set, close }: FieldProps) {
  const id = useId();
  const [text, setText] = useState(String(slots));
  const [fault, setFault] = useState('');
  const commit = () => {
    const entry = readThreshold(text, capacity);
    if (entry.kind === 'fault') {
      setFault(entry.sentence);
      return;
    }
    if (entry.slots !== slots) set?.(entry.slots);
    close();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        commit();
      }}
    >
      <label>
        <b>{which}</b>
        <input
          // Whoever opens the field wants to write in it.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={text}
          maxLength={24}
          aria-label={`${THRESHOLD_FILES[which]} in slots, MiB or percent`}
          aria-invalid={fault !== ''}
          aria-describedby={id}
          spellCheck={false}
          autoComplete="off"
          onFocus={(event) => event.target.select()}
          onChange={(event) => setText(event.target.value)}
          onBlur={close}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            close();
          }}
        />
      </label>
      <output id={id}>{fault}</output>
    </form>
  );
}

/** What a threshold is in all three units; pressed, it can be written. */
export function GaugeLabel(props: LabelProps) {
  const { which, y, set } = props;
  const [isOpen, setOpen] = useState(false);
  const title = MEANINGS[THRESHOLD_FILES[which]];
  return (
    <div className={isOpen ? 'gauge-label open' : 'gauge-label'} style={{ top: y }}>
      {isOpen && <Field {...props} close={() => setOpen(false)} />}
      {!isOpen && set && (
        <button
          type="button"
          title={`${title} Press to write it in slots, MiB or %.`}
          data-testid={`label-${which}`}
          onClick={() => setOpen(true)}
        >
          <Words {...props} />
        </button>
      )}
      {!isOpen && !set && (
        <span title={title} data-testid={`label-${which}`}>
          <Words {...props} />
        </span>
      )}
    </div>
  );
}
