/**
 * A canvas that remembers: the pixels that were put on it, boxes filled, and the texts that still
 * stand. As much of the 2D context as the painters use; strokes and curves leave no trace.
 */

/** A text that stands on the canvas. */
export interface Standing {
  readonly text: string;
  /** Rounded, device px. */
  readonly x: number;
  readonly y: number;
}

/** `ImageData` for Node. */
export class PixelData {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8ClampedArray(width * height * 4);
  }
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export class CanvasRecorder {
  readonly canvas: { readonly width: number; readonly height: number };
  readonly pixels: Uint32Array;
  /** Boxes put on the canvas so far. */
  puts = 0;
  font = '';
  fillStyle = '';
  strokeStyle = '';
  lineWidth = 1;
  lineJoin = '';
  textAlign = '';
  textBaseline = '';
  globalAlpha = 1;
  #scale = 1;
  #texts: Standing[] = [];

  constructor(width: number, height: number) {
    this.canvas = { width, height };
    this.pixels = new Uint32Array(width * height);
  }

  /** The texts that stand where they are seen, in reading order. */
  get texts(): readonly Standing[] {
    const { width, height } = this.canvas;
    const seen = this.#texts.filter(({ x, y }) => x >= 0 && y > 0 && x < width && y <= height);
    return seen.toSorted(
      (one, other) => one.y - other.y || one.x - other.x || one.text.localeCompare(other.text),
    );
  }

  setTransform(scale: number): void {
    this.#scale = scale;
  }

  /** Characters are all as wide as half the font is high. */
  measureText(text: string): { readonly width: number } {
    const size = Number(/(\d+(?:\.\d+)?)px/.exec(this.font)?.[1] ?? 10);
    return { width: text.length * size * 0.5 };
  }

  fillText(text: string, x: number, y: number): void {
    const at = { x: Math.round(x * this.#scale), y: Math.round(y * this.#scale) };
    this.#texts = this.#texts.filter((one) => one.x !== at.x || one.y !== at.y);
    if (text) this.#texts.push({ text, ...at });
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const scale = this.#scale;
    this.#wipe({
      left: x * scale,
      top: y * scale,
      right: (x + width) * scale,
      bottom: (y + height) * scale,
    });
  }

  putImageData(image: PixelData, left: number, top: number, ...dirty: number[]): void {
    this.puts++;
    const [x = 0, y = 0, width = image.width, height = image.height] = dirty;
    const source = new Uint32Array(image.data.buffer);
    for (let row = y; row < y + height; row++) {
      const from = row * image.width + x;
      const to = (row + top) * this.canvas.width + x + left;
      this.pixels.set(source.subarray(from, from + width), to);
    }
    this.#wipe({ left: left + x, top: top + y, right: left + x + width, bottom: top + y + height });
  }

  #wipe({ left, top, right, bottom }: Area): void {
    this.#texts = this.#texts.filter(
      ({ x, y }) => x < left || x > right || y <= top || y > bottom + 0.5,
    );
  }

  beginPath(): void {}
  closePath(): void {}
  moveTo(): void {}
  lineTo(): void {}
  arc(): void {}
  rect(): void {}
  stroke(): void {}
  fill(): void {}
  strokeRect(): void {}
  clearRect(): void {}
  setLineDash(): void {}
}
