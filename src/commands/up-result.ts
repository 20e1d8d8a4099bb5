/** What `up` says when it is done: addresses, where the login is kept, what to do next. */
import path from 'node:path';
import { GENERATED_SECRETS_DIR } from '../conventions.ts';
import { serviceUrl } from '../host/service-client.ts';
import { planToJson } from '../plan/format-plan.ts';
import { isUpToDate, type Plan } from '../plan/operations.ts';
import { targetName, unitPrefix } from '../stack/native-names.ts';
import type { StackOptions } from './context.ts';
import type { LoadedRendering } from './load-stack.ts';
import { nextCommand } from './next-command.ts';

interface Address {
  readonly service: string;
  readonly url: string;
}

function addressesOf({ rendered }: LoadedRendering): readonly Address[] {
  return rendered.services.flatMap((service) => {
    const url =
      serviceUrl(service) ?? service.ports.map(({ address, hostPort }) => `${address}:${hostPort}`).at(0);
    return url === undefined ? [] : [{ service: service.name, url }];
  });
}

/** Where a secret's value can be read: a file or a variable, never the value. */
export function secretPlace({ stack, outDir }: LoadedRendering, id: string): string {
  const source = stack.secrets.find((secret) => secret.id === id)?.source;
  if (source?.kind === 'env') return `the environment variable ${source.name}`;
  return source?.kind === 'file' ? source.path : path.join(outDir, GENERATED_SECRETS_DIR, id);
}

export function formatUp(loaded: LoadedRendering, plan: Plan, options: StackOptions): string {
  const { stack, rendered } = loaded;
  const count = rendered.services.length;
  const state = isUpToDate(plan)
    ? `was up to date: nothing changed, ${count} services run`
    : `is up: ${count} services serve`;
  const addresses = addressesOf(loaded);
  const width = Math.max(0, ...addresses.map(({ service }) => service.length));
  const { grafana } = stack;
  return [
    `stack ${stack.name} ${state}`,
    '',
    ...addresses.map(({ service, url }) => `  ${service.padEnd(width)}  ${url}`),
    ...(grafana === null
      ? []
      : [
          '',
          `Grafana login: ${grafana.adminUser}, password in ${secretPlace(loaded, grafana.adminPassword)}`,
        ]),
    ...(stack.runtime === 'docker'
      ? []
      : [
          '',
          `units: systemctl list-dependencies ${targetName(stack.name)}`,
          `journal: journalctl -u '${unitPrefix(stack.name)}*' -f`,
        ]),
    '',
    `next: ${nextCommand('check', options)}`,
    '',
  ].join('\n');
}

export function upToJson(loaded: LoadedRendering, plan: Plan): Readonly<Record<string, unknown>> {
  const { stack, outDir } = loaded;
  const { grafana } = stack;
  return {
    stack: stack.name,
    outDir,
    changed: !isUpToDate(plan),
    addresses: addressesOf(loaded),
    grafana:
      grafana === null
        ? null
        : { user: grafana.adminUser, passwordIn: secretPlace(loaded, grafana.adminPassword) },
    plan: planToJson(plan),
  };
}
