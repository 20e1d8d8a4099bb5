/** Names and labels that Docker Compose would give a stack's resources, so that `docker compose ps/logs/down` see them. Pure. */
import path from 'node:path';
import { COMPOSE_FILE, COMPOSE_LABELS, PGMON_LABELS } from '../../conventions.ts';
import type { Service } from '../../stack/rendered-stack.ts';
import type { StackContext } from '../provider.ts';

/** The Compose release whose result pgmon reproduces. */
const COMPOSE_VERSION = '2.40.3';

export function containerName(stackName: string, service: string): string {
  return `${stackName}-${service}-1`;
}

/** Real name of a network or volume by its key in docker-compose.yml. */
export function resourceName(stackName: string, key: string): string {
  return `${stackName}_${key}`;
}

function commonLabels(stackName: string): Readonly<Record<string, string>> {
  return {
    [PGMON_LABELS.stack]: stackName,
    [COMPOSE_LABELS.project]: stackName,
    [COMPOSE_LABELS.version]: COMPOSE_VERSION,
  };
}

export function networkLabels(stackName: string, key: string): Record<string, string> {
  return { ...commonLabels(stackName), [COMPOSE_LABELS.network]: key };
}

export function volumeLabels(stackName: string, key: string): Record<string, string> {
  return { ...commonLabels(stackName), [COMPOSE_LABELS.volume]: key };
}

/** `imageId` is the local image's id; null leaves the label empty. */
export function containerLabels(
  context: StackContext,
  service: Service,
  imageId: string | null,
): Record<string, string> {
  const dependsOn = service.dependsOn.map(({ service: name, condition }) => `${name}:${condition}:false`);
  return {
    ...commonLabels(context.stackName),
    ...service.labels,
    [COMPOSE_LABELS.service]: service.name,
    [COMPOSE_LABELS.configHash]: service.labels[PGMON_LABELS.serviceHash] ?? '',
    [COMPOSE_LABELS.containerNumber]: '1',
    [COMPOSE_LABELS.oneoff]: 'False',
    [COMPOSE_LABELS.dependsOn]: dependsOn.join(','),
    [COMPOSE_LABELS.image]: imageId ?? '',
    [COMPOSE_LABELS.workingDir]: context.outDir,
    [COMPOSE_LABELS.configFiles]: path.join(context.outDir, COMPOSE_FILE),
  };
}
