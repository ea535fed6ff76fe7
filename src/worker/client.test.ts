import { describe, expect, it } from 'vitest';
import { FrameView, HEADER } from '../engine/frame.ts';
import { WorkerClient, type LinkEvents, type PlainReport } from './client.ts';
import type { Command } from './protocol.ts';

function frameBuffer(serial: number, sequence = 0): ArrayBuffer {
  const frame = FrameView.lay(null, {
    pools: 0,
    areas: 0,
    devices: 0,
    buckets: 0,
    slots: 0,
    shaded: false,
    waiters: 0,
    passages: 0,
    shadowed: false,
  });
  frame.header[HEADER.serial] = serial;
  frame.header[HEADER.sequence] = sequence;
  return frame.buffer;
}

function rig() {
  const posted: Command[] = [];
  const reports: PlainReport[] = [];
  const crashes: string[] = [];
  const links: { events: LinkEvents; closed: boolean }[] = [];
  const client = new WorkerClient(
    (events) => {
      const link = { events, closed: false };
      links.push(link);
      return {
        post: (command) => posted.push(command),
        close: () => {
          link.closed = true;
        },
      };
    },
    { report: (report) => reports.push(report), crash: (why) => crashes.push(why) },
  );
  client.open();
  const say = (data: unknown, link = links.length - 1) => links[link]?.events.message(data);
  return { client, posted, reports, crashes, links, say };
}

const loaded = (serial: number) => ({ kind: 'loaded', serial });

describe('WorkerClient', () => {
  it('keeps the newest frame and hands the one before back', () => {
    const { client, posted, say } = rig();
    say(loaded(1));
    const first = frameBuffer(1, 1);
    say({ kind: 'frame', buffer: first });
    expect(client.frame?.buffer).toBe(first);
    expect(posted).toEqual([]);
    const second = frameBuffer(1, 2);
    say({ kind: 'frame', buffer: second });
    expect(client.frame?.buffer).toBe(second);
    expect(posted).toEqual([{ kind: 'frame', buffer: first }]);
  });

  it('hands a frame of an earlier load back unseen', () => {
    const { client, posted, say } = rig();
    say(loaded(2));
    const stale = frameBuffer(1);
    say({ kind: 'frame', buffer: stale });
    expect(client.frame).toBeNull();
    expect(posted).toEqual([{ kind: 'frame', buffer: stale }]);
  });

  it('drops the frame it holds when something else is loaded', () => {
    const { client, posted, say } = rig();
    say(loaded(1));
    const buffer = frameBuffer(1);
    say({ kind: 'frame', buffer });
    say(loaded(2));
    expect(client.frame).toBeNull();
    expect(posted).toEqual([{ kind: 'frame', buffer }]);
  });

  it('passes every other report on', () => {
    const { reports, say } = rig();
    say({ kind: 'progress', done: 1, total: 2 });
    expect(reports).toEqual([{ kind: 'progress', done: 1, total: 2 }]);
  });

  it('closes a worker that died and never hears it again', () => {
    const { client, crashes, links, reports, say } = rig();
    links[0]?.events.crash('out of memory');
    expect(crashes).toEqual(['out of memory']);
    expect(links[0]?.closed).toBe(true);
    client.open();
    say({ kind: 'progress', done: 1, total: 2 }, 0);
    links[0]?.events.crash('again');
    expect(reports).toEqual([]);
    expect(crashes).toHaveLength(1);
  });

  it('takes a buffer that is no frame for a crash', () => {
    const { crashes, say } = rig();
    say(loaded(1));
    say({ kind: 'frame', buffer: new ArrayBuffer(8) });
    expect(crashes).toEqual(['the buffer is not a frame']);
  });

  it('takes a message that is no report for a crash', () => {
    const { crashes, say } = rig();
    say('hello');
    expect(crashes).toEqual(['it sent something that is no report']);
  });
});
