/** The few colours that pgmon uses, and when it uses none. */
import { Chalk, type ChalkInstance } from 'chalk';
import type { OutStream } from '../host/host.ts';

/** No colour unless the stream is a terminal; NO_COLOR (any value but the empty one) and TERM=dumb switch it off. */
export function wantsColour(stream: OutStream, env: Readonly<Record<string, string | undefined>>): boolean {
  return stream.isTTY && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** Paints with the 16 basic colours, or not at all. */
export function createColours(useColour: boolean): ChalkInstance {
  return new Chalk({ level: useColour ? 1 : 0 });
}
