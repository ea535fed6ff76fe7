/** Packing and reading of sessions, loaded when one goes out or comes in. */
import type { Scenario } from '../engine/scenario.ts';
import type { RunPast } from '../worker/protocol.ts';
import { linkOf, MAX_LINK_CHARS, readLink } from './link.ts';
import type { Page } from './page.ts';
import { readSession, type SessionCheck } from './session-check.ts';
import { canonical, dataOf, sessionOf } from './session.ts';
import type { Shared } from './sessions.ts';

/** The scenarios that are known by name; none where they cannot be had. */
async function shippedOn(page: Page): Promise<readonly Scenario[]> {
  return (await page.library.all()) ?? [];
}

/** A run as it stands, as link and as file. */
export async function shared(page: Page, past: RunPast): Promise<Shared> {
  const session = sessionOf(past, page.state);
  const hash = await linkOf(session, await shippedOn(page));
  const address = new URL(location.href);
  address.search = '';
  address.hash = hash;
  const chars = hash.length;
  const file = `${canonical(dataOf(session, []))}\n`;
  return { session, chars, file, link: chars > MAX_LINK_CHARS ? null : address.href };
}

export async function readHash(page: Page, hash: string): Promise<SessionCheck> {
  return readLink(hash, await shippedOn(page));
}

export async function readText(page: Page, text: string): Promise<SessionCheck> {
  return readSession(text, await shippedOn(page));
}
