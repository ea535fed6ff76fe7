import type { ComponentProps } from 'react';
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

/** One button of the bar: its name is also what hovering it says. */
function BarButton({
  name,
  keys = '',
  icon,
  isOff = false,
  className = '',
  onPress,
}: {
  readonly name: string;
  readonly keys?: string;
  readonly icon: ComponentProps<typeof Icon>['name'];
  readonly isOff?: boolean;
  readonly className?: string;
  readonly onPress: () => void;
}) {
  return (
    <button
      type="button"
      className={className}
      aria-label={name}
      title={keys ? `${name} (${keys})` : name}
      disabled={isOff}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}

function Buttons() {
  const runState = page.use((state) => state.readout?.runState);
  const isStart = page.use(({ readout }) => (readout?.event ?? 0) === 0 && !readout?.timeNs);
  const isReplay = page.use((state) => state.replay !== null);
  const playing = runState === 'playing';
  const play = runState === 'ended' ? 'Play again' : 'Play';
  const isOver = runState === 'ended' || runState === 'difference';
  return (
    <fieldset className="transport-buttons" aria-label="Time">
      <BarButton
        name="Restart"
        icon="restart"
        className="wide"
        onPress={() => page.transport.restart()}
      />
      <BarButton
        name="Previous interesting event"
        keys="Shift ←"
        icon="first"
        isOff={isReplay || isStart}
        onPress={() => page.time.move('interesting', -1)}
      />
      <BarButton
        name="One event back"
        keys="←"
        icon="back"
        isOff={isReplay || isStart}
        onPress={() => page.time.move('event', -1)}
      />
      <BarButton
        name={playing ? 'Pause' : play}
        keys="Space"
        icon={playing ? 'pause' : 'play'}
        className="play"
        isOff={runState === 'difference'}
        onPress={() => page.transport.toggle()}
      />
      <BarButton
        name="One event forward"
        keys="→"
        icon="step"
        isOff={isOver}
        onPress={() => page.transport.step()}
      />
      <BarButton
        name="Next interesting event"
        keys="Shift →"
        icon="last"
        isOff={isReplay || isOver}
        onPress={() => page.time.move('interesting', 1)}
      />
      <BarButton
        name="Export"
        keys="E"
        icon="export"
        className="wide"
        onPress={() => page.look.toggle('exportOpen')}
      />
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
