import { page } from '../store/the-page.ts';
import { DeviceLane } from './device-lane.tsx';
import { plural } from './words.ts';

export function DevicesPanel() {
  const devices = page.use((state) => state.machine?.devices);
  const used = page.use((state) => state.readout?.used ?? 0);
  return (
    <section aria-labelledby="devices-head" className="devices">
      <h2 id="devices-head">
        Devices <small>{plural(used, 'slot')} in flight</small>
      </h2>
      {devices?.map((device, row) => (
        <DeviceLane key={device.name} device={device} row={row} />
      ))}
      {devices?.length === 0 && <p className="prose">No device in this recording ever mapped.</p>}
    </section>
  );
}
