/** Waiting in tests, also outside of one (`beforeAll`), where `expect.poll` may not be used. */

/** Resolves once `read` answers `wanted` (as JSON); rejects with what it answered last. */
export async function eventually(read: () => unknown, wanted: unknown, timeoutMs: number): Promise<void> {
  const endMs = Date.now() + timeoutMs;
  const text = JSON.stringify(wanted);
  for (;;) {
    const seen = JSON.stringify(read());
    if (seen === text) return;
    if (Date.now() > endMs) throw new Error(`after ${timeoutMs} ms still ${seen} instead of ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
