/** What the machine and the parts of the stack tell about themselves. */
import { JOBS } from '../../conventions.ts';
import { defineSource, type MetricSource } from './metric-source.ts';

/** The first one that matches counts. */
export const STACK_METRICS: readonly MetricSource[] = [
  defineSource({ names: 'up|scrape_\\w+|ALERTS(_FOR_STATE)?', job: null }),
  defineSource({ names: 'node_(md|hwmon|zfs|nfs)_\\w+', job: JOBS.node, absentWhen: 'the machine has none' }),
  defineSource({
    names: 'node_pressure_\\w+',
    job: JOBS.node,
    absentWhen: 'the kernel gives no pressure figures',
  }),
  defineSource({ names: 'node_\\w+', job: JOBS.node }),
  defineSource({ names: 'prometheus_\\w+', job: JOBS.prometheus }),
  defineSource({
    names: 'alertmanager_notifications_\\w+',
    job: JOBS.alertmanager,
    absentWhen: 'Alertmanager has no receiver, or has sent nothing yet',
  }),
  defineSource({ names: 'alertmanager_\\w+', job: JOBS.alertmanager }),
  defineSource({ names: 'grafana_\\w+', job: JOBS.grafana }),
  defineSource({ names: '(process|go)_\\w+', job: null }),
];
