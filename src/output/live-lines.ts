/** Lines at the foot of a terminal that are drawn again in place, below what was printed for good. */
import type { OutStream } from '../host/host.ts';

export interface LiveLines {
  /** Prints text for good (it ends in a line break), above the live lines. */
  print(text: string): void;
  /** Replaces the live lines. */
  show(lines: readonly string[]): void;
}

/** On anything but a terminal the live lines are never drawn. Lines must hold no escape sequences of their own. */
export function createLiveLines(stream: OutStream): LiveLines {
  let lines: readonly string[] = [];
  let drawn = 0;
  const erase = () => (drawn === 0 ? '' : `\u001b[${drawn}A\u001b[0J`);
  const draw = (printed: string) => {
    const cut = lines.map((line) => line.slice(0, Math.max(1, stream.columns - 1)));
    stream.write(`${erase()}${printed}${cut.map((line) => `${line}\n`).join('')}`);
    drawn = cut.length;
  };
  return {
    print: (text) => (stream.isTTY ? draw(text) : stream.write(text)),
    show: (next) => {
      if (!stream.isTTY || (next.length === 0 && drawn === 0)) return;
      lines = next;
      draw('');
    },
  };
}
