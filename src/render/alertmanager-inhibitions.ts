/** The catalogue's inhibitions as Alertmanager's rules. */
import { INHIBITIONS, type Inhibition } from '../catalog/alerts/inhibitions.ts';
import { matcherText, WATCHDOG } from './alertmanager-routes.ts';

export interface InhibitionView {
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly equal: readonly string[];
}

function nameMatcher(names: readonly string[]): string {
  const [only = '', ...others] = names;
  return others.length === 0
    ? matcherText('alertname', only)
    : matcherText('alertname', names.join('|'), '=~');
}

/** Two alerts that both lack a label count as equal in it: where `instance` matters, it must be there. */
function buildInhibition({ sources, targets, equal }: Inhibition): InhibitionView {
  const hasInstance = equal.includes('instance') ? [matcherText('instance', '', '!=')] : [];
  const target =
    targets === 'everything'
      ? matcherText('alertname', [...sources, WATCHDOG].join('|'), '!~')
      : nameMatcher(targets);
  return { sources: [nameMatcher(sources), ...hasInstance], targets: [target, ...hasInstance], equal };
}

export function buildInhibitionView(): readonly InhibitionView[] {
  return INHIBITIONS.map(buildInhibition);
}
