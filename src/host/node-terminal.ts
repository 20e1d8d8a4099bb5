/** The terminal of this process: its size, and keys as they are pressed. */
import { emitKeypressEvents, type Key } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Terminal } from './host.ts';

const DEFAULT_ROWS = 24;
const DEFAULT_COLUMNS = 80;

/** `q`, `left`, `ctrl-c`: as a program tells keys apart; empty for what has no name. */
function nameOf(text: string | undefined, key: Key): string {
  const name = key.name ?? text ?? '';
  if (key.ctrl === true) return `ctrl-${name}`;
  return name.length === 1 ? (text ?? name) : name;
}

export function createTerminal(input: ReadStream, output: WriteStream): Terminal {
  return {
    size: () => ({
      rows: output.rows > 0 ? output.rows : DEFAULT_ROWS,
      columns: output.columns > 0 ? output.columns : DEFAULT_COLUMNS,
    }),
    onResize: (listener) => {
      output.on('resize', listener);
      return () => output.off('resize', listener);
    },
    onKey: (listener) => {
      const onKeypress = (text: string | undefined, key: Key) => listener(nameOf(text, key));
      // The terminal has gone: nobody can press the key that ends the program.
      const onGone = () => listener('ctrl-c');
      emitKeypressEvents(input);
      input.setRawMode(true);
      input.on('keypress', onKeypress).on('error', onGone).on('end', onGone).resume();
      return () => {
        input.off('keypress', onKeypress).off('end', onGone).pause();
        // A terminal that has gone cannot be set; a late error must still find someone who listens.
        if (!input.destroyed) input.setRawMode(false);
      };
    },
    onExit: (listener) => {
      process.on('exit', listener);
      return () => process.off('exit', listener);
    },
  };
}
