/** Mouse, pen and fingers on the memory: hover, pin, drag, wheel and pinch. */
import { sameSlot } from '../store/pointing.ts';
import type { Page } from '../store/page.ts';
import type { Point } from '../draw/viewport.ts';
import type { HeatmapView } from './heatmap-view.ts';

/** A press that moves further than this drags. */
const DRAG_PX = 4;
/** How much one notch of a wheel (100 px) zooms: e^(100 / 250), about one and a half. */
const WHEEL_PX = 250;
/** Browsers that count wheels in lines. */
const LINE_PX = 16;

export class HeatmapPointer {
  readonly #view: HeatmapView;
  readonly #page: Page;
  readonly #down = new Map<number, Point>();
  #dragged = false;
  #last: Point | null = null;

  constructor(view: HeatmapView, page: Page) {
    this.#view = view;
    this.#page = page;
  }

  /** Listens on `canvas`. @returns what stops it. */
  listen(canvas: HTMLCanvasElement): () => void {
    const away = new AbortController();
    const { signal } = away;
    canvas.addEventListener('pointerdown', (event) => this.#press(event), { signal });
    canvas.addEventListener('pointermove', (event) => this.#move(event), { signal });
    canvas.addEventListener('pointerup', (event) => this.#lift(event), { signal });
    canvas.addEventListener('pointercancel', (event) => this.#forget(event), { signal });
    canvas.addEventListener('pointerleave', (event) => this.#leave(event), { signal });
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    return () => away.abort();
  }

  #press(event: PointerEvent): void {
    this.#down.set(event.pointerId, pointOf(event));
    this.#dragged = this.#down.size > 1;
  }

  #move(event: PointerEvent): void {
    const point = pointOf(event);
    const before = this.#down.get(event.pointerId);
    this.#last = point;
    if (!before) {
      this.#hover();
      return;
    }
    if (this.#down.size > 1) this.#pinch(event.pointerId, before, point);
    else if (!this.#drag(event, before, point)) return;
    this.#down.set(event.pointerId, point);
  }

  /** False while the press has not moved far enough to be a drag. */
  #drag(event: PointerEvent, before: Point, point: Point): boolean {
    const far = Math.hypot(point.x - before.x, point.y - before.y) > DRAG_PX;
    if (!this.#dragged && !far) return false;
    if (this.#view.isFit) return true;
    this.#dragged = true;
    if (event.currentTarget instanceof Element)
      event.currentTarget.setPointerCapture(event.pointerId);
    this.#view.panBy(before.x - point.x, before.y - point.y);
    return true;
  }

  #pinch(id: number, before: Point, point: Point): void {
    const other = [...this.#down].find(([key]) => key !== id)?.[1];
    if (!other) return;
    const spread = Math.hypot(before.x - other.x, before.y - other.y);
    const now = Math.hypot(point.x - other.x, point.y - other.y);
    if (spread === 0) return;
    const middle = { x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 };
    this.#view.zoomBy(now / spread, middle);
  }

  #lift(event: PointerEvent): void {
    const pressed = this.#down.has(event.pointerId);
    this.#forget(event);
    if (!pressed || this.#dragged) return;
    const at = this.#view.slotAt(pointOf(event));
    const { pinnedAt } = this.#page.state;
    const hovered = this.#page.pointing.hoveredAt;
    // The first tap of a finger is its hover; the second one pins.
    if (event.pointerType === 'touch' && at && !sameSlot(at, hovered)) {
      this.#page.pointing.hover(at);
      return;
    }
    this.#page.pointing.pin(sameSlot(at, pinnedAt) ? null : at);
  }

  #forget(event: PointerEvent): void {
    this.#down.delete(event.pointerId);
  }

  #leave({ pointerType }: PointerEvent): void {
    // A finger leaves with every lift; what it touched stays told.
    if (pointerType === 'touch') return;
    this.#last = null;
    this.#page.pointing.hover(this.#view.focus);
  }

  #hover(): void {
    if (this.#last) this.#page.pointing.hover(this.#view.slotAt(this.#last));
  }

  #wheel(event: WheelEvent): void {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    if (event.ctrlKey) {
      event.preventDefault();
      this.#view.zoomBy(Math.exp((-event.deltaY * unit) / WHEEL_PX), pointOf(event));
    } else if (!this.#view.isFit) {
      event.preventDefault();
      this.#view.panBy(event.deltaX * unit, event.deltaY * unit);
    }
    this.#hover();
  }
}

/** Where on the canvas, CSS px. */
function pointOf(event: MouseEvent): Point {
  return { x: event.offsetX, y: event.offsetY };
}
