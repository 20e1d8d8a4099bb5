/** The Alertmanager service: one node, no cluster port. */
import { CONTAINER_PORTS } from '../../conventions.ts';
import type { Delivery, Receiver } from '../../stack/delivery.ts';
import type { Service } from '../../stack/rendered-stack.ts';
import type { Alertmanager, Stack } from '../../stack/stack.ts';
import { layoutOf } from '../layout.ts';
import { valueFiles } from '../secret-files.ts';
import {
  configMount,
  defineService,
  listenFlag,
  plainHttpReadiness,
  publishedPorts,
  secretsMount,
  slowHealthcheck,
  volumeMount,
  wgetCommand,
} from './base-service.ts';

const PORT = CONTAINER_PORTS.alertmanager;
/** Volume key. */
const ALERTMANAGER_DATA = 'alertmanager-data';

function secretOf(receiver: Receiver): string | null {
  switch (receiver.kind) {
    case 'email':
      return receiver.passwordSecret;
    case 'pagerduty':
      return receiver.routingKeySecret;
    case 'telegram':
      return receiver.tokenSecret;
    default:
      return receiver.urlSecret;
  }
}

/** One file for each secret that a receiver names. */
export function alertmanagerSecretFiles({ receivers }: Delivery) {
  return valueFiles('alertmanager', receivers.map(secretOf));
}

export function alertmanagerService(stack: Stack, alertmanager: Alertmanager): Service {
  const layout = layoutOf(stack);
  const hasSecrets = alertmanagerSecretFiles(stack.delivery).length > 0;
  return defineService(stack, alertmanager, {
    name: 'alertmanager',
    command: [
      `--config.file=${layout.config('alertmanager')}/alertmanager.yml`,
      `--storage.path=${layout.data('alertmanager')}`,
      ...listenFlag(stack, 'alertmanager'),
      '--cluster.listen-address=',
      // Which receiver failed, not only which kind.
      '--enable-feature=receiver-name-in-metrics',
      ...(alertmanager.externalUrl === null
        ? []
        : [`--web.external-url=${alertmanager.externalUrl}`, '--web.route-prefix=/']),
    ],
    ports: publishedPorts(alertmanager, PORT),
    mounts: [
      configMount('alertmanager', layout.config('alertmanager')),
      ...(hasSecrets ? [secretsMount('alertmanager')] : []),
      volumeMount(ALERTMANAGER_DATA, layout.data('alertmanager')),
    ],
    healthcheck: slowHealthcheck(stack, wgetCommand(PORT, '/-/ready'), 20),
    readiness: plainHttpReadiness(layout.port('alertmanager'), '/-/ready'),
    configInputs: [
      {
        prefix: 'alertmanager/',
        reaction: {
          kind: 'reload',
          loadedAtMetric: 'alertmanager_config_last_reload_success_timestamp_seconds',
          successMetric: 'alertmanager_config_last_reload_successful',
        },
      },
    ],
    secretsDir: hasSecrets ? 'alertmanager' : null,
  });
}
