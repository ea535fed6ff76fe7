import { page } from '../store/the-page.ts';

/** What to watch in this scenario. */
export function WatchLine() {
  const scenario = page.use((state) => state.scenario);
  const replay = page.use((state) => state.replay !== null);
  if (!scenario || replay) return null;
  return (
    <p className="prose watch" data-testid="watch">
      <b>Watch</b> {scenario.watch}
    </p>
  );
}
