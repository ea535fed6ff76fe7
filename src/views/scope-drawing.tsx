/** A drawing of the microscope on the page. */
import type { Palette } from '../draw/palette.ts';
import { cssOf, type Drawing, type Mark, type Tone } from '../draw/scope-marks.ts';

interface Props {
  readonly drawing: Drawing;
  readonly palette: Palette;
  readonly className?: string;
}

function MarkShape({ mark, palette }: { readonly mark: Mark; readonly palette: Palette }) {
  const colour = (tone: Tone | null) => (tone === null ? 'none' : cssOf(palette, tone));
  if (mark.kind === 'rect') {
    const { x, y, width, height, fill } = mark;
    return <rect x={x} y={y} width={width} height={height} fill={colour(fill)} />;
  }
  if (mark.kind === 'path') {
    return (
      <path
        d={mark.d}
        fill={colour(mark.fill)}
        stroke={colour(mark.stroke)}
        strokeWidth={mark.width}
        strokeDasharray={mark.dash ?? undefined}
      />
    );
  }
  const { x, y, text, tone, size, bold, mono, anchor } = mark;
  return (
    <text
      x={x}
      y={y}
      fill={colour(tone)}
      fontSize={size}
      fontWeight={bold ? 600 : 400}
      fontFamily={mono ? palette.mono : palette.sans}
      textAnchor={anchor}
    >
      {text}
    </text>
  );
}

/** The marks as SVG; what they say stands beside it in words. */
export function ScopeDrawing({ drawing, palette, className }: Props) {
  const { width, height, marks } = drawing;
  return (
    <svg
      className={className}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      {marks.map((mark, index) => (
        // Marks have no name but their place in the drawing.
        // oxlint-disable-next-line react/no-array-index-key
        <MarkShape key={index} mark={mark} palette={palette} />
      ))}
    </svg>
  );
}
