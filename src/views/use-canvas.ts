import { useEffect, useRef, type RefObject } from 'react';
import type { FrameView } from '../engine/frame.ts';
import { page } from '../store/the-page.ts';

/** A canvas as large as its place on the page, in device pixels. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpr: number;
}

export type Paint = (surface: Surface, frame: FrameView | null) => void;

function surfaceOf(canvas: HTMLCanvasElement): Surface | null {
  const context = canvas.getContext('2d', { alpha: false });
  const { clientWidth: widthPx, clientHeight: heightPx } = canvas;
  if (!context || widthPx === 0 || heightPx === 0) return null;
  const dpr = window.devicePixelRatio || 1;
  const width = Math.round(widthPx * dpr);
  const height = Math.round(heightPx * dpr);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return { context, widthPx, heightPx, dpr };
}

/**
 * Keeps a canvas at the size of its place and repaints it from the page's one loop: with every
 * frame, or at most every `everyMs`. A new `paint` repaints at once.
 */
export function useCanvas(paint: Paint, everyMs = 0): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const newest = useRef(paint);
  const paintedMs = useRef(-Infinity);
  useEffect(() => {
    newest.current = paint;
    paintedMs.current = -Infinity;
    page.loop.touch();
  }, [paint]);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    let owed = 0;
    const remove = page.loop.add((frame, nowMs) => {
      if (nowMs - paintedMs.current < everyMs) {
        // This picture may be the last one for long: it is painted when its time has come.
        owed ||= window.setTimeout(() => page.loop.touch(), everyMs);
        return;
      }
      window.clearTimeout(owed);
      owed = 0;
      const surface = surfaceOf(element);
      if (!surface) return;
      paintedMs.current = nowMs;
      newest.current(surface, frame);
    });
    const sizes = new ResizeObserver(() => {
      paintedMs.current = -Infinity;
      page.loop.touch();
    });
    sizes.observe(element);
    return () => {
      window.clearTimeout(owed);
      remove();
      sizes.disconnect();
    };
  }, [everyMs]);
  return canvas;
}
