/** Runs a program in a real pseudo-terminal and reads its screen as a person sees it, through a terminal emulator. */
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { onTestFinished } from 'vitest';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface PseudoTerminal {
  /** The rows of the screen, without spaces at their ends. */
  screen(): readonly string[];
  /** True while the program shows a screen of its own, which goes away with it. */
  isAlternate(): boolean;
  /** True while what passes the right edge goes on in the next line. */
  wraps(): boolean;
  /** Everything that the program wrote, escape sequences too. */
  written(): string;
  press(keys: string): void;
  resize(size: TerminalSize): void;
  kill(signal: string): void;
  readonly pid: number;
  /** Exit code, or the number of the signal that ended it. */
  readonly ended: Promise<{ readonly exitCode: number; readonly signal: number | undefined }>;
}

export interface TerminalOptions extends TerminalSize {
  readonly env?: Readonly<Record<string, string>>;
}

/** The program is killed when the test ends before it. */
export function openTerminal(
  file: string,
  words: readonly string[],
  { columns, rows, env = {} }: TerminalOptions,
): PseudoTerminal {
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const { NO_COLOR: _, ...inherited } = process.env;
  const child = spawn(file, [...words], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    env: { ...inherited, TERM: 'xterm-256color', ...env },
  });
  let written = '';
  let isRunning = true;
  child.onData((text) => {
    written += text;
    emulator.write(text);
  });
  const ended = new Promise<{ exitCode: number; signal: number | undefined }>((resolve) => {
    child.onExit(({ exitCode, signal }) => {
      isRunning = false;
      // What was written last is parsed first.
      emulator.write('', () => resolve({ exitCode, signal }));
    });
  });
  onTestFinished(() => {
    if (isRunning) child.kill('SIGKILL');
    emulator.dispose();
  });
  return {
    screen: () => {
      const { active } = emulator.buffer;
      return Array.from({ length: emulator.rows }, (_row, index) =>
        (active.getLine(active.baseY + index)?.translateToString(true) ?? '').trimEnd(),
      );
    },
    isAlternate: () => emulator.buffer.active.type === 'alternate',
    wraps: () => emulator.modes.wraparoundMode,
    written: () => written,
    press: (keys) => child.write(keys),
    resize: (size) => {
      emulator.resize(size.columns, size.rows);
      child.resize(size.columns, size.rows);
    },
    kill: (signal) => child.kill(signal),
    pid: child.pid,
    ended,
  };
}
