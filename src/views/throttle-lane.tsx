import { useCallback } from 'react';
import { paintThrottleLane } from '../draw/throttle-lane.ts';
import { moveNsOf } from '../draw/motion-pace.ts';
import { flowOf, type Flow } from '../draw/throttle-motion.ts';
import { HEADER } from '../engine/frame.ts';
import { paceNs } from '../store/speed.ts';
import { page } from '../store/the-page.ts';
import type { ThrottleReadout } from '../store/throttle-readout.ts';
import { hueOf } from './hue.ts';
import { currentPalette } from './palette.ts';
import { holderless, nameOf, queueSentence, tokenSentence, waiterWords } from './throttle-words.ts';
import { useCanvas, type Paint } from './use-canvas.ts';
import { bytes, duration, rate } from './words.ts';

const PHONE_PX = 700;
const PROJECTOR_SCALE = 1.58;

/** Where token and queue stand on the canvas, px. */
export interface LaneCorner {
  readonly leftPx: number;
  readonly topPx: number;
}

/** Token, queue and what moves between them, under the gauge and as wide as the panel. */
export function ThrottleLane({ leftPx, topPx }: LaneCorner) {
  const theme = page.use((state) => state.theme);
  const machine = page.use((state) => state.machine);
  const paint = useCallback<Paint>(
    ({ context, widthPx, heightPx, dpr }, frame) => {
      if (!frame) return;
      const isPhone = window.innerWidth < PHONE_PX;
      const { dial, reducedMotion } = page.state;
      const pace = paceNs(dial, frame.head(HEADER.timeNs), frame.head(HEADER.event));
      const place = { widthPx, heightPx, leftPx, topPx };
      paintThrottleLane(context, frame, place, currentPalette(), {
        dpr,
        fontScale: isPhone ? 12 / 11 : theme === 'projector' ? PROJECTOR_SCALE : 1,
        deviceNames: machine?.devices.map(({ name }) => name) ?? [],
        paceNs: pace,
        moveNs: moveNsOf(pace, reducedMotion),
      });
    },
    [leftPx, topPx, theme, machine],
  );
  const canvas = useCanvas(paint);
  return <canvas ref={canvas} className="throttle-lane" aria-hidden="true" />;
}

function Held({
  throttle,
  timeNs,
}: {
  readonly throttle: ThrottleReadout;
  readonly timeNs: number;
}) {
  const machine = page.use((state) => state.machine);
  const { holder } = throttle;
  if (!holder) return <p>handed on, its next holder wakes</p>;
  return (
    <>
      <p>
        <i className="swatch" style={{ background: hueOf(holder.device) }} />{' '}
        <b>{nameOf(machine, holder.device)}</b>
        <span className="wide"> CPU {holder.cpu} ·</span> {bytes(holder.bytes)}
      </p>
      <p>
        for <b>{duration(Math.max(0, timeNs - holder.admittedNs))}</b>
        <span className="wide"> since {duration(holder.admittedNs)}</span>
      </p>
    </>
  );
}

/** What goes through too fast to be named one by one; null where it can be followed. */
function useFlow(timeNs: number): Flow | null {
  const dial = page.use((state) => state.dial);
  const event = page.use((state) => state.readout?.event ?? 0);
  const { frame } = page.client;
  return frame && flowOf(frame, paceNs(dial, timeNs, event));
}

function TokenLines(props: TokenProps & { readonly flow: Flow | null }) {
  const { throttle, timeNs, flow } = props;
  const { semCount, waiting } = throttle;
  if (flow) return <p>{<b>{rate(flow.perSecond)}</b>} let in</p>;
  if (semCount === 0) return <Held throttle={throttle} timeNs={timeNs} />;
  return waiting === 0 ? <p>Nobody waits.</p> : null;
}

/** A policy without a token: what its sleepers wait for, or how many pass. */
function Holderless(props: Pick<TokenProps, 'throttle'> & { readonly flow: Flow | null }) {
  const { throttle, flow } = props;
  if (!flow) return <p>{holderless(throttle)}</p>;
  return (
    <>
      <p>No holder</p>
      <p>
        <b>{rate(flow.perSecond)}</b> let in
      </p>
    </>
  );
}

interface TokenProps {
  readonly throttle: ThrottleReadout;
  readonly timeNs: number;
}

/** Who holds the semaphore, beside its disc. */
export function TokenWords({ throttle, timeNs }: TokenProps) {
  const flow = useFlow(timeNs);
  const { semCount } = throttle;
  const state = semCount > 0 ? 'free' : flow ? 'in turn' : 'held by';
  return (
    <div className={semCount < 0 ? 'token-words none' : 'token-words'} aria-hidden="true">
      {semCount < 0 ? (
        <Holderless throttle={throttle} flow={flow} />
      ) : (
        <>
          <p>
            <span className="wide">
              <code>throttle_sem</code> {semCount},{' '}
            </span>
            {state}
          </p>
          <TokenLines throttle={throttle} timeNs={timeNs} flow={flow} />
        </>
      )}
    </div>
  );
}

/** Token and queue for whoever listens. */
export function ThrottleSpoken({
  throttle,
  timeNs,
}: {
  throttle: ThrottleReadout;
  timeNs: number;
}) {
  const machine = page.use((state) => state.machine);
  const facts = { timeNs, starvedNs: throttle.starvedNs };
  return (
    <div className="hidden-text" data-testid="throttle-spoken">
      <p data-testid="token">{tokenSentence(throttle, machine, timeNs)}</p>
      <p>{queueSentence(throttle)}</p>
      {throttle.waiting > 0 && (
        <ol aria-label="Queue of the throttle" data-testid="queue">
          {throttle.waiters.map((waiter) => (
            <li key={waiter.serial} data-serial={waiter.serial}>
              {waiterWords(waiter, nameOf(machine, waiter.device), facts)}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
