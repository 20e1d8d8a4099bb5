/** Makes lines of a container's log stream, each with the daemon's own time stamp (RFC 3339 with nine digits). */
import { StringDecoder } from 'node:string_decoder';
import type { StampedLine } from '../merge-lines.ts';
import type { LogLine } from '../provider.ts';
import type { Frame } from './frames.ts';

const STAMP = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) /;

interface Pending {
  readonly decoder: StringDecoder;
  text: string;
  stamp: string;
}

/** Expects frames with time stamps; the daemon cuts long lines into several frames, each with its own stamp. */
export async function* readLines(service: string, frames: AsyncIterable<Frame>): AsyncGenerator<StampedLine> {
  const pending: Record<LogLine['stream'], Pending> = {
    stdout: { decoder: new StringDecoder('utf8'), text: '', stamp: '' },
    stderr: { decoder: new StringDecoder('utf8'), text: '', stamp: '' },
  };
  for await (const { stream, bytes } of frames) {
    const open = pending[stream];
    const piece = open.decoder.write(Buffer.from(bytes));
    const stamp = STAMP.exec(piece)?.[1];
    if (open.text === '') open.stamp = stamp ?? open.stamp;
    open.text += stamp === undefined ? piece : piece.slice(stamp.length + 1);
    const lines = open.text.split('\n');
    open.text = lines.pop() ?? '';
    for (const line of lines) yield { service, stream, text: line.replace(/\r$/, ''), stamp: open.stamp };
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const { text, stamp } = pending[stream];
    if (text !== '') yield { service, stream, text, stamp };
  }
}
