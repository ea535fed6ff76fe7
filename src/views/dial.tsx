import { DIAL_MAX, DIAL_STEP, DIAL_STOPS, speedShort, speedWords } from '../store/speed.ts';
import { page } from '../store/the-page.ts';

/** The speed: one knob from single events to ten times real time. */
export function Dial() {
  const dial = page.use((state) => state.dial);
  return (
    <div className="dial">
      <input
        type="range"
        min={0}
        max={DIAL_MAX}
        step={DIAL_STEP}
        value={dial}
        aria-label="Speed"
        aria-valuetext={speedWords(dial)}
        title={`Speed: ${speedWords(dial)}  [ ] \\`}
        onChange={(event) => page.transport.setDial(event.target.valueAsNumber)}
      />
      <div className="dial-stops" aria-hidden="true">
        {DIAL_STOPS.map((stop, position) => (
          <span key={stop} className={position === dial ? 'on' : ''}>
            {stop}
          </span>
        ))}
      </div>
      <span className="dial-now" aria-hidden="true">
        {speedShort(dial)}
      </span>
    </div>
  );
}
