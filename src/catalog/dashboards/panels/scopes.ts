/** Matchers and joins that panels about servers share. Some panels are about a whole server, some about chosen databases of it. */
import { SERVER_INFO } from '../../recordings/fleet.ts';

/** Inside the braces of a selector: everything of the chosen server. */
export const OF_SERVER = 'instance=~"$instance"';

/** Chosen databases of the chosen server; nobody works in the templates. */
export const OF_DATABASES = `${OF_SERVER}, datname=~"$database", datname!~"template0|template1"`;

/** All databases of the chosen server but the templates. */
export const OF_ALL_DATABASES = `${OF_SERVER}, datname!~"template0|template1"`;

/** Of a fleet: the chosen servers of the chosen environments. */
export const OF_FLEET = 'environment=~"$environment", instance=~"$instance"';

/** Every chosen server with its version and role; always 1. */
export const FLEET = `${SERVER_INFO}{${OF_FLEET}}`;

/** A figure with `instance` and nothing else, for the chosen servers of a fleet, with what a row of a fleet shows besides. */
export function ofFleet(expr: string): string {
  return `${expr} * on (instance) group_left (environment, version, role) ${FLEET}`;
}

/** 0 where Prometheus evaluates alerts, else nothing: no alert there does not mean that nothing is wrong. */
export const ZERO_ALERTS = '0 * max(prometheus_rule_group_rules{rule_group=~".*;pgmon-availability"})';

/** Sessions of clients. The exporter fills states that nobody is in with rows of 0 without a type. */
export const CLIENTS = 'backend_type=~"client backend|"';
