/** The whole terminal as one picture that is drawn again in place; what stood there before comes back when it is closed. */
import {
  beginSynchronizedOutput,
  cursorHide,
  cursorShow,
  cursorTo,
  endSynchronizedOutput,
  enterAlternativeScreen,
  eraseDown,
  eraseEndLine,
  exitAlternativeScreen,
} from 'ansi-escapes';
import type { OutStream, Terminal } from '../host/host.ts';

/** Whether what passes the right edge goes on in the next line; off, a width that the terminal sees differently does no harm. */
const WRAP_ON = '\u001b[?7h';
const WRAP_OFF = '\u001b[?7l';

export interface FullScreen {
  /** Replaces the picture. Lines must be shorter than the terminal is wide, and no more than it has rows. */
  draw(lines: readonly string[]): void;
  /** Gives the terminal back as it was. May be called twice; also done when the process ends. */
  close(): void;
}

export function openFullScreen(stream: OutStream, terminal: Pick<Terminal, 'onExit'>): FullScreen {
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    stopWatching();
    stream.write(WRAP_ON + cursorShow + exitAlternativeScreen);
  };
  const stopWatching = terminal.onExit(close);
  stream.write(enterAlternativeScreen + cursorHide + WRAP_OFF);
  return {
    draw: (lines) => {
      if (!isOpen) return;
      // Nothing is erased before it is written over, and the terminal shows the picture at once or not at all: no flicker.
      const picture = lines.map((line) => line + eraseEndLine).join('\r\n');
      stream.write(beginSynchronizedOutput + cursorTo(0, 0) + picture + eraseDown + endSynchronizedOutput);
    },
    close,
  };
}
