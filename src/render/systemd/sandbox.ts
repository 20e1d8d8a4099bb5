/** What each unit's process may not do, and why some units may do a little more. All of it is known to systemd 252. */
import type { ServiceName } from '../../conventions.ts';

/** `reason` becomes the comment above the lines. */
export interface SandboxRule {
  readonly reason: string | null;
  readonly lines: readonly string[];
}

type Value = string | readonly string[];

/** A directive with another value than the others have it. */
interface Exception {
  readonly value: Value;
  readonly reason: string;
}

const SERVICE_CALLS = ['@system-service', '~@privileged @resources'] as const;

/** For every unit; the template says what is left out and why. */
const STRICT: Readonly<Record<string, Value>> = {
  AmbientCapabilities: '',
  CapabilityBoundingSet: '',
  DevicePolicy: 'closed',
  KeyringMode: 'private',
  LockPersonality: 'yes',
  MemoryDenyWriteExecute: 'yes',
  NoNewPrivileges: 'yes',
  PrivateDevices: 'yes',
  PrivateMounts: 'yes',
  PrivateTmp: 'yes',
  ProcSubset: 'all',
  ProtectClock: 'yes',
  ProtectControlGroups: 'yes',
  ProtectHome: 'yes',
  ProtectHostname: 'yes',
  ProtectKernelLogs: 'yes',
  ProtectKernelModules: 'yes',
  ProtectKernelTunables: 'yes',
  ProtectProc: 'invisible',
  ProtectSystem: 'strict',
  RemoveIPC: 'yes',
  RestrictAddressFamilies: 'AF_INET AF_INET6 AF_UNIX',
  RestrictNamespaces: 'yes',
  RestrictRealtime: 'yes',
  RestrictSUIDSGID: 'yes',
  SystemCallArchitectures: 'native',
  SystemCallErrorNumber: 'EPERM',
  SystemCallFilter: SERVICE_CALLS,
  UMask: '0077',
};

/** Why a value of STRICT is not the strictest one. */
const REASONS: Readonly<Record<string, string>> = {
  ProcSubset: 'Not `pid`: programs tell their own start time from /proc/stat.',
  RestrictAddressFamilies: 'AF_UNIX: name services, and PostgreSQL by its local socket.',
};

const OWN: Readonly<Partial<Record<ServiceName, Readonly<Record<string, Exception>>>>> = {
  'sql-exporter': {
    MemoryDenyWriteExecute: { value: 'no', reason: 'Node.js compiles to memory that it then runs.' },
  },
  'node-exporter': {
    ProtectClock: {
      value: 'no',
      reason: 'It reads the state of the clock (adjtimex); it has no capability to set it.',
    },
    ProtectHome: { value: 'read-only', reason: 'Not `yes`: the size of /home must be the true one.' },
    ProtectHostname: { value: 'no', reason: 'A new host name must be seen.' },
    ProtectProc: {
      value: 'default',
      reason: "Not `invisible`: the machine's own mounts stand in /proc/1/mounts.",
    },
    RestrictAddressFamilies: {
      value: 'AF_INET AF_INET6 AF_NETLINK AF_UNIX',
      reason: 'AF_NETLINK: figures of network devices come from the kernel that way.',
    },
    SystemCallFilter: {
      value: [...SERVICE_CALLS, 'adjtimex clock_adjtime'],
      reason: 'The last two read the state of the clock.',
    },
  },
  grafana: {
    MemoryDenyWriteExecute: {
      value: 'no',
      reason: 'Plugins are programs of their own; some compile to memory.',
    },
    SystemCallFilter: {
      value: ['@system-service', '~@privileged'],
      reason: 'Plugins may lower their own priority.',
    },
  },
};

const HOMES = /^\/(home|root|run\/user)\//;

/** A program that somebody keeps in a home directory must be seen to be run. */
function atHome(programPath: string): Readonly<Record<string, Exception>> {
  if (!HOMES.test(programPath)) return {};
  return { ProtectHome: { value: 'read-only', reason: 'The program is in a home directory.' } };
}

/** The sandbox of a service's unit, by directive. */
export function sandboxRules(service: ServiceName, programPath: string): readonly SandboxRule[] {
  const exceptions = { ...atHome(programPath), ...OWN[service] };
  return Object.entries(STRICT).map(([name, strict]) => {
    const exception = exceptions[name];
    const value = exception?.value ?? strict;
    return {
      reason: exception?.reason ?? REASONS[name] ?? null,
      lines: (typeof value === 'string' ? [value] : value).map((text) => `${name}=${text}`),
    };
  });
}
