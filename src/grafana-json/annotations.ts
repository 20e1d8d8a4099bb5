/** What happened meanwhile, drawn over every chart: each kind of event can be switched on and off at the top. */
import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Dashboard } from '../catalog/dashboards/dashboard.ts';
import { DELIVERY_NAMES } from '../conventions.ts';
import { GRAFANA, PROMETHEUS } from './data-source.ts';
import { LEVEL_COLOURS, seriesColour } from './palette.ts';

interface Event {
  readonly name: string;
  readonly colour: string;
  readonly expr: string;
  readonly title: string;
  readonly text: string;
  /** True: the value is the time of the event, in milliseconds. */
  readonly isTime: boolean;
  /** Shown from the start on dashboards about one server; on the others only when asked for. */
  readonly isOn: boolean;
}

const SERVER = '{instance=~"$instance"}';

/** About servers; only for dashboards with `$instance`. */
const SERVER_EVENTS: readonly Event[] = [
  {
    name: 'Restarts',
    colour: LEVEL_COLOURS.critical,
    expr: `pg_postmaster_start_time_seconds${SERVER} * 1000`,
    title: 'PostgreSQL started',
    text: '{{instance}}',
    isTime: true,
    isOn: true,
  },
  {
    name: 'Failovers',
    colour: seriesColour(3),
    expr: `changes(pg_replication_is_replica${SERVER}[$__rate_interval]) > 0`,
    title: 'Primary and replica changed roles',
    text: '{{instance}}',
    isTime: false,
    isOn: true,
  },
  {
    name: 'Configuration loaded',
    colour: seriesColour(4),
    expr: `pgmon_configuration_loaded_timestamp_seconds${SERVER} * 1000`,
    title: 'Configuration loaded',
    text: '{{instance}}',
    isTime: true,
    isOn: true,
  },
];

function firingAlerts(instance: string): Event {
  return {
    name: 'Alerts firing',
    colour: LEVEL_COLOURS.warning,
    expr: `ALERTS{alertstate="firing", alertname!="${DELIVERY_NAMES.watchdog}", instance=~"${instance}"}`,
    title: '{{alertname}}',
    text: '{{severity}}: {{instance}} {{datname}}',
    isTime: false,
    isOn: false,
  };
}

function buildEvent(event: Event, isOn: boolean): AnnotationQueryBuilder {
  const { name, colour, expr, title, text, isTime } = event;
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(PROMETHEUS)
    .enable(isOn)
    .iconColor(colour)
    .target(new DataqueryBuilder().refId('Anno').expr(expr).legendFormat(title).interval('60s').range())
    .expr(expr)
    .step('60s')
    .titleFormat(title)
    .textFormat(text)
    .useValueForTime(isTime);
}

/** What people and programs post to Grafana with the tag `deploy`. */
function buildDeploys(): AnnotationQueryBuilder {
  const target = { limit: 100, matchAny: false, tags: ['deploy'], type: 'tags' };
  return new AnnotationQueryBuilder()
    .name('Deploys')
    .datasource(GRAFANA)
    .enable(true)
    .iconColor(seriesColour(2))
    .target({ build: () => ({ ...target, _implementsDataqueryVariant: () => {} }) });
}

/** Grafana's own annotations on this dashboard; its files always have them. */
function buildOwn(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Annotations & Alerts')
    .datasource(GRAFANA)
    .builtIn(1)
    .enable(true)
    .hide(true)
    .iconColor(LEVEL_COLOURS.neutral)
    .type('dashboard');
}

export function buildAnnotations({ variables }: Dashboard): AnnotationQueryBuilder[] {
  const server = variables.find(({ name }) => name === 'instance');
  const machine = variables.find(({ name }) => name === 'host');
  const events = [
    ...(server === undefined ? [] : [...SERVER_EVENTS, firingAlerts('$instance')]),
    ...(machine === undefined ? [] : [firingAlerts('$host')]),
  ];
  // Events of hundreds of servers over one chart say nothing, and cost a query each.
  const isOneServer = server !== undefined && !server.isMulti;
  return [buildOwn(), buildDeploys(), ...events.map((event) => buildEvent(event, isOneServer && event.isOn))];
}
