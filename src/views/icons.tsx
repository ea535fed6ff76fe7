/** The few drawings that stand in for words; each sits in a control that is named in words. */
const PATHS = {
  restart: 'M3 3v3.5h3.5M3.3 6.3A4.8 4.8 0 1 1 2.8 9',
  play: 'M4 2.5v10l8-5z',
  pause: 'M5 3v9M10 3v9',
  step: 'm4 3 7 4.5L4 12',
  back: 'M11 3 4 7.5 11 12',
  first: 'M4 3v9M12 3 6 7.5l6 4.5',
  last: 'M11 3v9M3 3l6 4.5L3 12',
  down: 'm3 6 4.5 4L12 6',
  undo: 'M6 3 2.5 6.5 6 10M3 6.5h6a3.2 3.2 0 0 1 0 6.4H6.5',
  redo: 'm9 3 3.5 3.5L9 10m3-3.5H6a3.2 3.2 0 0 0 0 6.4h2.5',
  list: 'M2.5 4h10M2.5 7.5h10M2.5 11h10',
  theme: 'M7.5 2a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11v11',
  export: 'M7.5 2v7.5M4 6.5l3.5 3.5L11 6.5M2.5 13h10',
  close: 'm3.5 3.5 8 8m0-8-8 8',
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 15 15" aria-hidden="true">
      <path d={PATHS[name]} />
      {name === 'theme' && <path d="M7.5 2v11a5.5 5.5 0 0 0 0-11" fill="currentColor" />}
    </svg>
  );
}

export function Mark() {
  return (
    <svg className="mark" width="17" height="17" viewBox="0 0 17 17" aria-hidden="true">
      <path d="M1 3h15M1 8.5h4M9 8.5h7M1 14h11" stroke="var(--ink)" strokeWidth="3" />
      <path d="M5.5 8.5h3" stroke="var(--accent)" strokeWidth="3" />
    </svg>
  );
}
