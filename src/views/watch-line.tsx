import { page } from '../store/the-page.ts';

/** What to watch in this scenario, and where what it shows was argued over. */
export function WatchLine() {
  const scenario = page.use((state) => state.scenario);
  const replay = page.use((state) => state.replay !== null);
  if (!scenario || replay) return null;
  return (
    <div className="watch">
      <p className="prose" data-testid="watch">
        <b>Watch</b> {scenario.watch}
      </p>
      {scenario.argument && (
        <p className="label" data-testid="argument">
          {scenario.argument.where}
        </p>
      )}
    </div>
  );
}
