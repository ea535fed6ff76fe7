import { page } from '../store/the-page.ts';
import { Dial } from './dial.tsx';
import { Icon } from './icons.tsx';
import { LogLineButton } from './log-line-button.tsx';
import { clock, count, duration } from './words.ts';

function Clock() {
  const timeNs = page.use((state) => state.readout?.timeNs ?? 0);
  const endNs = page.use((state) => state.readout?.endNs ?? 0);
  const event = page.use((state) => state.readout?.event ?? 0);
  const end = endNs > 0 ? `of ${duration(endNs)} · ` : '';
  return (
    <p className="clock" data-testid="clock">
      {clock(timeNs)}{' '}
      <small>
        <span className="of">{end}</span>event {count(event)}
      </small>
    </p>
  );
}

function Buttons() {
  const runState = page.use((state) => state.readout?.runState);
  const playing = runState === 'playing';
  const play = runState === 'ended' ? 'Play again' : 'Play';
  return (
    <fieldset className="transport-buttons" aria-label="Time">
      <button
        type="button"
        aria-label="Restart"
        title="Restart"
        onClick={() => page.transport.restart()}
      >
        <Icon name="restart" />
      </button>
      <button
        type="button"
        className="play"
        aria-label={playing ? 'Pause' : play}
        title={playing ? 'Pause (Space)' : `${play} (Space)`}
        disabled={runState === 'difference'}
        onClick={() => page.transport.toggle()}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      <button
        type="button"
        aria-label="One event forward"
        title="One event forward (→)"
        disabled={runState === 'ended' || runState === 'difference'}
        onClick={() => page.transport.step()}
      >
        <Icon name="step" />
      </button>
    </fieldset>
  );
}

export function TransportBar() {
  return (
    <div className="transport">
      <Buttons />
      <Clock />
      <Dial />
      <LogLineButton />
    </div>
  );
}
