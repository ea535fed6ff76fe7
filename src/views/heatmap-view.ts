/**
 * The memory as one canvas: layout, zoom and what is pointed at. React knows only its box; frames
 * are painted from the page's loop.
 */
import { HEADER, type FrameView } from '../engine/frame.ts';
import { heatmapContext, paintHeatmap } from '../draw/heatmap.ts';
import { firstSlot, nextSlot, slotAt, slotBox, type Walk } from '../draw/hit-test.ts';
import type { Box, PoolShape, PoolsLayout, PoolsStyle } from '../draw/layout-types.ts';
import { layoutPools, poolShapes, sameShapes } from '../draw/pools-layout.ts';
import {
  clampViewport,
  FIT,
  panBy,
  showSlot,
  visibleDetail,
  zoomAt,
  zoomStep,
  type Point,
  type Viewport,
} from '../draw/viewport.ts';
import { moveNsOf } from '../draw/motion-pace.ts';
import type { SlotSpan } from '../engine/run.ts';
import type { Page } from '../store/page.ts';
import type { SlotRef } from '../store/reports.ts';
import { paceNs } from '../store/speed.ts';
import { currentPalette } from './palette.ts';

/** How much a key pans, of the panel's width. */
const PAN_SHARE = 0.2;

/** What the panel's place on the page asks of the layout. */
export interface Place extends PoolsStyle {
  readonly widthPx: number;
  readonly heightPx: number;
}

function samePlace(one: Place, other: Place): boolean {
  const keys = Object.keys(one) as (keyof Place)[];
  return keys.every((key) => one[key] === other[key]);
}

const NO_NAMES: readonly string[] = [];

export class HeatmapView {
  readonly #page: Page;
  #shapes: readonly PoolShape[] = [];
  #place: Place | null = null;
  #layout: PoolsLayout | null = null;
  #viewport: Viewport = FIT;
  #focus: SlotRef | null = null;
  #names: readonly string[] = [];
  #machine: unknown = null;

  constructor(page: Page) {
    this.#page = page;
  }

  get layout(): PoolsLayout | null {
    return this.#layout;
  }

  /** Height of the panel; the picture may take less. CSS px. */
  get panelPx(): number {
    return this.#place?.heightPx ?? 0;
  }

  /** The panel as it fits: nothing zoomed, nothing panned. */
  get isFit(): boolean {
    return this.#viewport.scale === 1;
  }

  /** Where the keyboard stands in the grid; null while it is elsewhere. */
  get focus(): SlotRef | null {
    return this.#focus;
  }

  /** Lays out anew when pools or place changed. @returns the height the picture takes, CSS px. */
  lay(frame: FrameView, place: Place): number {
    const isSame =
      this.#layout &&
      this.#place &&
      samePlace(place, this.#place) &&
      sameShapes(this.#shapes, frame);
    if (!isSame) {
      this.#shapes = poolShapes(frame);
      this.#place = place;
      this.#layout = layoutPools(this.#shapes, place, place);
      this.#viewport = clampViewport(this.#viewport, this.#layout);
    }
    return this.#layout?.heightPx ?? 0;
  }

  paint(canvas: HTMLCanvasElement, frame: FrameView): void {
    const layout = this.#layout;
    const context = heatmapContext(canvas);
    // A machine without a pool has nothing to paint.
    if (!layout || !context || layout.heightPx === 0) return;
    const { dpr } = layout.style;
    const width = Math.round(layout.widthPx * dpr);
    const height = Math.round(layout.heightPx * dpr);
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const { hidden, difference, detail, dial, reducedMotion } = this.#page.state;
    const pace = paceNs(dial, frame.head(HEADER.timeNs), frame.head(HEADER.event));
    const look = { layout, viewport: this.#viewport, palette: currentPalette() };
    paintHeatmap(context, frame, look, {
      dpr,
      deviceNames: this.#deviceNames(),
      regionNames: this.#page.state.machine?.regions ?? NO_NAMES,
      off: hidden,
      pinned: this.#pinned(),
      hover: this.#page.pointing.hoveredAt,
      focus: this.#focus,
      difference,
      detail,
      pace: { paceNs: pace, moveNs: moveNsOf(pace, reducedMotion) },
    });
  }

  /** The same array as long as the machine is the same. */
  #deviceNames(): readonly string[] {
    const { machine } = this.#page.state;
    if (machine !== this.#machine) {
      this.#machine = machine;
      this.#names = machine?.devices.map(({ name }) => name) ?? [];
    }
    return this.#names;
  }

  #pinned(): SlotSpan | null {
    const { pinnedAt, pinned } = this.#page.state;
    if (!pinnedAt) return null;
    const mapping = pinned?.mapping;
    if (!mapping) return { ...pinnedAt, nslots: 1 };
    return { pool: pinnedAt.pool, slot: mapping.first, nslots: mapping.nslots };
  }

  slotAt(point: Point): SlotRef | null {
    return this.#layout && slotAt(this.#layout, this.#viewport, point.x, point.y);
  }

  /** Where a slot is on the canvas, CSS px; null when it is not drawn. */
  boxOf(ref: SlotRef): Box | null {
    return this.#layout && slotBox(this.#layout, this.#viewport, ref);
  }

  zoomBy(factor: number, at: Point): void {
    if (this.#layout) this.#look(zoomAt(this.#viewport, this.#layout, factor, at));
  }

  /** One step in (1) or out (-1): around the slot in focus or pinned, else around the middle. */
  zoom(direction: 1 | -1): void {
    if (!this.#layout) return;
    const around = this.#focus ?? this.#page.state.pinnedAt;
    const box = around && this.boxOf(around);
    this.#look(zoomStep(this.#viewport, this.#layout, direction, box ?? undefined));
  }

  panBy(deltaX: number, deltaY: number): void {
    if (this.#layout) this.#look(panBy(this.#viewport, this.#layout, deltaX, deltaY));
  }

  pan(direction: 1 | -1): void {
    this.panBy(direction * PAN_SHARE * (this.#layout?.widthPx ?? 0), 0);
  }

  fit(): void {
    this.#look(FIT);
  }

  /** Puts the keyboard into the grid: where it was, else at the first slot. */
  enter(): void {
    if (!this.#layout) return;
    const { pinnedAt } = this.#page.state;
    this.#stand(this.#focus ?? pinnedAt ?? firstSlot(this.#layout));
  }

  leave(): void {
    this.#focus = null;
    this.#page.pointing.hover(null);
    this.#page.loop.touch();
  }

  walk(step: Walk): void {
    if (!this.#layout || !this.#focus) return;
    this.#stand(nextSlot(this.#layout, this.#focus, step));
  }

  #stand(at: SlotRef | null): void {
    this.#focus = at;
    if (at && this.#layout) this.#look(showSlot(this.#viewport, this.#layout, at));
    this.#page.pointing.hover(at);
  }

  #look(viewport: Viewport): void {
    this.#viewport = viewport;
    if (!this.#layout) return;
    const wish = visibleDetail(this.#layout, viewport);
    this.#page.pointing.lookClosely(wish?.from ?? null, wish?.count ?? 0);
    this.#page.loop.touch();
  }
}
