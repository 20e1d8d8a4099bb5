/** The building blocks of the schema: names, durations, sizes, ports, addresses, labels. */
import * as z from 'zod';
import { STACK_NAME_MAX_LENGTH, STACK_NAME_PATTERN } from '../stack-name.ts';
import { durationSeconds, sizeBytes } from '../units.ts';

/** Text on one line: no control characters, so that it can stand in any rendered file. */
export const oneLine = z
  .string()
  .min(1)
  .max(1024)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must be one line of text without control characters');

/** Name of a stack: part of container, network and volume names. */
export const stackName = z
  .string()
  .max(STACK_NAME_MAX_LENGTH)
  .regex(STACK_NAME_PATTERN, 'must be lower-case letters, digits and `-`, and begin with a letter or digit');

/** Name that becomes a label value and part of a file name. */
export const objectName = z
  .string()
  .max(63)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'must be letters, digits, `.`, `_` and `-`, and begin with a letter or digit',
  );

/** For text that holds a number: says that the unit is missing. */
function withUnit(example: string) {
  return z.string({
    error: ({ input }) => (typeof input === 'number' ? `needs a unit: write it as ${example}` : undefined),
  });
}

const DURATION = /^(?=\d)(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/;
const SIZE = /^\d+(B|[KMGTPE]i?B)$/;

export const duration = withUnit('15s, 5m or 30d')
  .regex(DURATION, 'must be a duration such as 15s, 5m, 12h or 30d')
  .refine((text) => (durationSeconds(text) ?? 0) > 0, 'must be longer than zero');

/** A duration, or `none` for no limit. */
export const durationOrNone = withUnit('30d')
  .regex(new RegExp(`^none$|${DURATION.source}`), 'must be a duration such as 30d, or none')
  .refine((text) => text === 'none' || (durationSeconds(text) ?? 0) > 0, 'must be longer than zero');

/** A duration in whole seconds, as healthchecks and scrapes need. */
export const secondsDuration = duration.refine(
  (text) => Number.isInteger(durationSeconds(text)),
  'must be whole seconds, such as 15s',
);

export const size = withUnit('512MiB or 50GB')
  .regex(SIZE, 'must be a size such as 512MiB, 1GiB or 50GB')
  .refine((text) => (sizeBytes(text) ?? 0) > 0, 'must be more than zero');

/** A size, or `none` for no limit. */
export const sizeOrNone = withUnit('50GB')
  .regex(new RegExp(`^none$|${SIZE.source}`), 'must be a size such as 50GB, or none')
  .refine((text) => text === 'none' || (sizeBytes(text) ?? 0) > 0, 'must be more than zero');

/** Memory limit of a container: Docker refuses less than 6 MiB, and no service here lives on less than 16. */
export const memory = size.refine((text) => {
  const bytes = sizeBytes(text) ?? 0;
  return bytes >= 16 * 1024 ** 2 && bytes <= 4 * 1024 ** 4;
}, 'must be from 16MiB to 4TiB');

export const port = z.int().min(1).max(65_535);

export const ipAddress = z.union([z.ipv4(), z.ipv6()], {
  error: 'must be an IP address of this machine, such as 127.0.0.1 or 0.0.0.0',
});

/** `host:port`, IPv6 in brackets. */
export const hostPort = z
  .string()
  .max(260)
  .regex(
    /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/,
    'must be host:port, such as 10.0.0.5:9100',
  )
  .refine((text) => {
    const number = Number(text.slice(text.lastIndexOf(':') + 1));
    return number >= 1 && number <= 65_535;
  }, 'must have a port from 1 to 65535');

/** PostgreSQL identifiers reach connection strings and SQL; the server itself cuts them at 63 bytes. */
export const identifier = oneLine.max(63);

/**
 * A database that the exporter connects to. With a space, a quote or a backslash in its name postgres_exporter 0.19
 * builds a broken connection string and writes it, password and all, to its log; `?`, `#`, `%`, `/` and `&` end the name in a URL.
 */
export const databaseName = identifier.regex(
  /^[^\s'"\\?#%&/]+$/,
  'must be a database name without spaces, quotes, backslashes, ?, #, %, & and / (the exporter cannot connect to others): name another database of this server',
);

/** Path of a file, absolute or relative to the spec's own directory. */
export const filePath = oneLine
  .refine((text) => !text.includes('-----BEGIN'), 'must be the path of a file, not its content')
  .refine(
    (text) => !/^~/.test(text),
    'must not begin with `~`: write the whole path, or one relative to the spec',
  )
  .refine((text) => !text.endsWith('/'), 'must name a file, not a directory');

const RESERVED_LABELS = [
  'instance',
  'job',
  'le',
  'quantile',
  'server',
  'datname',
  'alertname',
  'alertstate',
  'environment',
  'datacenter',
  'stack',
];

/** Name of a label of the user's own. */
export const labelName = z
  .string()
  .max(63)
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be letters, digits and `_`, and not begin with a digit')
  .refine(
    (text) => !text.startsWith('__'),
    'must not begin with `__`: Prometheus keeps such labels for itself',
  )
  .refine(
    (text) => !text.startsWith('exported_'),
    'must not begin with `exported_`: Prometheus uses it for clashes',
  )
  .refine((text) => !RESERVED_LABELS.includes(text), 'is reserved: pgmon or Prometheus sets it');

export const labels = z.record(labelName, oneLine.max(256));

export const environmentName = oneLine.max(63);

/** The keys that every service published on a host port has. */
export function serviceKeys(defaultPort: number, defaultMemory: string) {
  return {
    port: port.default(defaultPort).describe('Port on this machine.'),
    bind: ipAddress
      .default('127.0.0.1')
      .describe(
        'Address of this machine to listen on. Anything but loopback is open to the network, past most firewalls.',
      ),
    publish: z
      .boolean()
      .default(true)
      .describe(
        'false: reachable by the other services only, not from this machine; with `runtime: native` on loopback.',
      ),
    memory: memory
      .optional()
      .describe(`Memory limit; ${defaultMemory} when neither this nor \`limits.memory\` is set.`),
    pids: z.int().min(16).max(100_000).optional().describe('Limit of processes and threads.'),
  };
}
