/** Lines for people who read the container's log: an event is told when it begins and when it ends, not at every probe. */

export type Fields = Readonly<Record<string, string>>;

export interface Log {
  readonly info: (message: string, fields?: Fields) => void;
  /** Tells a failure of `what` when it is new or has another message. */
  readonly failed: (what: Fields, message: string) => void;
  /** Tells that `what` works again, when it had failed. */
  readonly worked: (what: Fields) => void;
}

function format(level: string, message: string, fields: Fields): string {
  const pairs = Object.entries({ ...fields, msg: message });
  return `level=${level} ${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(' ')}\n`;
}

export function createLog(write: (line: string) => void): Log {
  const failing = new Map<string, string>();
  return {
    info: (message, fields = {}) => write(format('info', message, fields)),
    failed: (what, message) => {
      const key = JSON.stringify(what);
      if (failing.get(key) === message) return;
      failing.set(key, message);
      write(format('warn', message, what));
    },
    worked: (what) => {
      if (failing.delete(JSON.stringify(what))) write(format('info', 'works again', what));
    },
  };
}
