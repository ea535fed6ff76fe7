import { useRef, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { THRESHOLD_FILES, type Threshold } from '../store/throttle.ts';
import { thresholdWords } from './threshold-entry.ts';

interface HandleProps {
  readonly which: Threshold;
  readonly slots: number;
  readonly standard: number;
  readonly capacity: number;
  /** Null where it cannot be moved. */
  readonly move: ((slots: number) => void) | null;
  /** The tube: what a place in it means. */
  readonly well: RefObject<HTMLElement | null>;
}

/** Shift moves by a segment. */
const BIG_STEP = 128;

/** Where a key moves the handle; null for keys that do not. */
function keyTarget(event: KeyboardEvent, slots: number, capacity: number): number | null {
  const step = event.shiftKey ? BIG_STEP : 1;
  const page = Math.max(1, Math.round(capacity / 100));
  const targets: Readonly<Record<string, number>> = {
    ArrowUp: slots + step,
    ArrowRight: slots + step,
    ArrowDown: slots - step,
    ArrowLeft: slots - step,
    PageUp: slots + page,
    PageDown: slots - page,
    Home: 0,
    End: capacity,
  };
  return targets[event.key] ?? null;
}

/** Follows a pointer from where it took hold: the handle does not jump to its middle. */
function useDrag({ slots, capacity, move, well }: HandleProps) {
  const offset = useRef<number | null>(null);
  const slotsAt = (clientY: number) => {
    const box = well.current?.getBoundingClientRect();
    return box && box.height > 0 ? ((box.bottom - clientY) / box.height) * capacity : slots;
  };
  if (!move) return {};
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      offset.current = Math.min(slots, capacity) - slotsAt(event.clientY);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (offset.current !== null) move(slotsAt(event.clientY) + offset.current);
    },
    onPointerUp: () => (offset.current = null),
    onPointerCancel: () => (offset.current = null),
  };
}

/** A threshold on the tube: its line, and a grip that sits exactly on it. */
export function GaugeHandle(props: HandleProps) {
  const { which, slots, standard, capacity, move } = props;
  const drag = useDrag(props);
  const isBeyond = slots > capacity;
  return (
    <div
      className={isBeyond ? 'handle beyond' : 'handle'}
      style={{ bottom: `${Math.min(1, slots / capacity) * 100}%` }}
    >
      <div
        {...drag}
        // A native slider cannot stand on a tube of another height than its own.
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="slider"
        tabIndex={0}
        className="handle-grip"
        aria-label={THRESHOLD_FILES[which]}
        aria-orientation="vertical"
        aria-disabled={move === null}
        aria-valuemin={0}
        aria-valuemax={capacity}
        aria-valuenow={Math.min(slots, capacity)}
        aria-valuetext={thresholdWords(slots, capacity, standard)}
        title={move ? 'Drag, or arrows: 1 slot, Shift 128, Page 1 %' : 'As it was recorded'}
        data-testid={`handle-${which}`}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.altKey || event.metaKey) return;
          const target = keyTarget(event, slots, capacity);
          if (target === null) return;
          event.preventDefault();
          move?.(target);
        }}
      >
        <i />
      </div>
    </div>
  );
}
