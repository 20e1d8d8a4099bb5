/** A machine with systemd, the native provider on it, and small units for it to work on. */
import { vi } from 'vitest';
import { PgmonError } from '../../src/errors.ts';
import { createNativeProvider } from '../../src/providers/native/native-provider.ts';
import type {
  LogLine,
  ObservedContainer,
  ObservedWorld,
  ObserveRequest,
  Provider,
} from '../../src/providers/provider.ts';
import type { Service } from '../../src/stack/rendered-stack.ts';
import { shellService } from './docker-services.ts';
import type { SystemdRelease } from './systemd-image.ts';
import { type SystemdWorld, startSystemdWorld } from './systemd-world.ts';
import { createWorldHost } from './world-host.ts';

export const NEVER = new AbortController().signal;
export const STACK = 'shop';
export const UNIT = `pgmon-${STACK}-prometheus.service`;
export const ORPHAN = `pgmon-${STACK}-grafana.service`;
export const TARGET = `pgmon-${STACK}.target`;
export const context = { stackName: STACK, outDir: `/etc/pgmon/${STACK}` };
export const service: Service = shellService(STACK, 'prometheus 3.5.3');
export const request: ObserveRequest = {
  ...context,
  services: [service],
  networks: [],
  volumes: [],
  users: [{ name: 'pgmon-prometheus', description: 'pgmon Prometheus' }],
};

/** Says what it does, takes signals, and stays. */
export const LOOP = "trap 'echo reloaded' HUP; trap 'exit 0' TERM; echo began; while :; do sleep 0.1; done";
export const unitPath = (name: string): string => `/etc/systemd/system/${name}`;

const LIMITS = { timeout: 60_000, interval: 50 };
/** Repeats what rejects, at most a minute. */
export const eventually = <T>(work: () => Promise<T>): Promise<T> => vi.waitFor(work, LIMITS);

export interface UnitSettings {
  /** A shell script. */
  readonly start: string;
  readonly hash?: string;
  readonly more?: readonly string[];
}

function unitFile({ start, hash = 'aaa1', more = [] }: UnitSettings): string {
  return [
    '[Unit]',
    `PartOf=${TARGET}`,
    '[Service]',
    'Type=exec',
    `Environment="PGMON_SERVICE_HASH=${hash}"`,
    `ExecStart=/bin/sh -c ${JSON.stringify(start)}`,
    'ExecReload=/bin/kill -HUP $MAINPID',
    'TimeoutStopSec=30',
    ...more,
    '[Install]',
    `WantedBy=${TARGET}`,
    '',
  ].join('\n');
}

/** What it rejects with, which must be an error of pgmon. */
export async function rejection(work: Promise<unknown>): Promise<PgmonError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PgmonError)) throw new Error(`no error of pgmon: ${String(error)}`);
  return error;
}

export async function collect(lines: AsyncIterable<LogLine>): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { text } of lines) texts.push(text);
  return texts;
}

export interface ProviderWorld extends SystemdWorld {
  readonly provider: Provider;
  /** The unit's file and its target's, read by systemd. */
  readonly write: (name: string, settings: UnitSettings) => Promise<void>;
  /** Writes, creates and starts UNIT; its id. */
  readonly bring: (settings: UnitSettings) => Promise<string>;
  /** UNIT as soon as it is in this status. */
  readonly until: (status: ObservedContainer['status']) => Promise<ObservedContainer>;
  readonly observe: () => Promise<ObservedWorld>;
  /** Removes units and their files. */
  readonly clean: () => Promise<void>;
}

/** Nothing is left when it rejects. */
export async function startProviderWorld(release: SystemdRelease): Promise<ProviderWorld> {
  const world = await startSystemdWorld({ release, slug: 'provider' });
  try {
    return withProvider(world, await createNativeProvider(createWorldHost(world)));
  } catch (error) {
    await world.remove();
    throw error;
  }
}

function withProvider(world: SystemdWorld, provider: Provider): ProviderWorld {
  const write = async (name: string, settings: UnitSettings) => {
    await world.writeFile(unitPath(name), unitFile(settings));
    await world.writeFile(unitPath(TARGET), '[Install]\nWantedBy=multi-user.target\n');
    await provider.reread(NEVER);
  };
  return {
    ...world,
    provider,
    write,
    bring: async (settings) => {
      await write(UNIT, settings);
      const id = await provider.create(context, { kind: 'container', service }, NEVER);
      await provider.start(id, NEVER);
      return id;
    },
    until: (status) =>
      eventually(async () => {
        const unit = await provider.inspect(UNIT, NEVER);
        if (unit?.status !== status) throw new Error(`not ${status}: ${JSON.stringify(unit)}`);
        return unit;
      }),
    observe: () => provider.observe(request, NEVER),
    clean: async () => {
      for (const unit of [UNIT, ORPHAN]) await provider.remove({ kind: 'container', id: unit }, NEVER);
      const files = [UNIT, ORPHAN, TARGET].map(unitPath).join(' ');
      await world.shell(`rm -f ${files}; systemctl daemon-reload`);
    },
  };
}
