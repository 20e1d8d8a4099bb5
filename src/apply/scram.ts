/** What PostgreSQL stores for a password, computed here so that the password itself never travels in a statement. */
import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

const ITERATIONS = 4096;
/** Non-ASCII spaces and characters that SASLprep maps to nothing (RFC 4013). */
const SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;
const NOTHING = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/g;

/** What PostgreSQL stores for a password. Sent instead of it, so that no log and no statistics view can show it. */
export async function scramVerifier(password: string, salt: Uint8Array): Promise<string> {
  const prepared = password.replace(SPACES, ' ').replace(NOTHING, '').normalize('NFKC');
  const salted = await promisify(pbkdf2)(prepared, salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${Buffer.from(salt).toString('base64')}$${storedKey}:${serverKey}`;
}
