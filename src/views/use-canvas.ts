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

type Paint = (surface: Surface, frame: FrameView | null, nowMs: number) => void;

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

/** Keeps a canvas at the size of its place and repaints it from the page's one loop. */
export function useCanvas(paint: Paint): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const newest = useRef(paint);
  useEffect(() => {
    newest.current = paint;
    page.loop.touch();
  }, [paint]);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const remove = page.loop.add((frame, nowMs) => {
      const surface = surfaceOf(element);
      if (surface) newest.current(surface, frame, nowMs);
    });
    const sizes = new ResizeObserver(() => page.loop.touch());
    sizes.observe(element);
    return () => {
      remove();
      sizes.disconnect();
    };
  }, []);
  return canvas;
}
