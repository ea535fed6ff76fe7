import { page } from '../store/the-page.ts';

const TABS = [
  ['usage', 'Throttle'],
  ['machine', 'Machine'],
] as const;

/** Turns one rail into two where there is room for one. */
export function RailTabs() {
  const tab = page.use((state) => state.railTab);
  return (
    <fieldset className="tabs rail-tabs" aria-label="Panel">
      {TABS.map(([key, title]) => (
        <button
          key={key}
          type="button"
          aria-pressed={tab === key}
          onClick={() => page.look.setRailTab(key)}
        >
          {title}
        </button>
      ))}
    </fieldset>
  );
}
