/**
 * A session in the hash of an address: JSON, compressed by the platform's own streams, in letters
 * that need no escaping. What comes from outside is read within bounds: a small link that unpacks to
 * much is given up as soon as it does.
 */
import type { Scenario } from '../engine/scenario.ts';
import { canonical, dataOf, type Session } from './session.ts';
import { MAX_SESSION_CHARS, readSession, type SessionCheck } from './session-check.ts';

/** What stands in front; the number is that of the packing, not of the session in it. */
const PREFIX = '#s=1.';
/** Longest hash that is offered as a link: longer ones are cut off by what people send them with. */
export const MAX_LINK_CHARS = 8192;
/** Longest hash that is read. */
const MAX_READ_CHARS = 64 * 1024;
const BITS = 6;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function toLetters(bytes: Uint8Array): string {
  let letters = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = held * 256 + byte;
    bits += 8;
    for (; bits >= BITS; bits -= BITS) {
      const unit = 2 ** (bits - BITS);
      letters += ALPHABET[Math.floor(held / unit)];
      held %= unit;
    }
  }
  return bits > 0 ? letters + ALPHABET[held * 2 ** (BITS - bits)] : letters;
}

/** @returns null when there is a character that no link has. */
function toBytes(letters: string): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(Math.floor((letters.length * BITS) / 8));
  let held = 0;
  let bits = 0;
  let length = 0;
  for (const letter of letters) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    held = held * 2 ** BITS + value;
    bits += BITS;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = Math.floor(held / 2 ** bits);
    held %= 2 ** bits;
  }
  return bytes;
}

async function packed(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * @throws TypeError when it is not what `packed` makes, or no text.
 * @throws RangeError when it is longer than any session.
 */
async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const reader = stream.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > MAX_SESSION_CHARS) {
      await reader.cancel();
      throw new RangeError(`it unpacks to more than ${MAX_SESSION_CHARS} characters`);
    }
  }
}

/** The hash of an address that opens the session; it may be longer than `MAX_LINK_CHARS`. */
export async function linkOf(session: Session, shipped: readonly Scenario[]): Promise<string> {
  return PREFIX + toLetters(await packed(canonical(dataOf(session, shipped))));
}

const bad = (fault: string): SessionCheck => ({ kind: 'bad', fault });

/** Reads the hash of an address. */
export async function readLink(hash: string, shipped: readonly Scenario[]): Promise<SessionCheck> {
  if (hash.length > MAX_READ_CHARS) {
    return bad(`it has ${hash.length} characters; at most ${MAX_READ_CHARS} are read`);
  }
  if (!hash.startsWith(PREFIX)) {
    return bad(
      `it begins with “${hash.slice(0, 8)}”; this page reads links that begin with “${PREFIX}”`,
    );
  }
  const bytes = toBytes(hash.slice(PREFIX.length));
  if (bytes === null) return bad('it holds a character that no link has');
  try {
    return readSession(await unpacked(bytes), shipped);
  } catch (error) {
    if (error instanceof RangeError) return bad(error.message);
    return bad('what is packed in it is damaged; it may have been cut off on its way');
  }
}
