/** The rules that concern more than one key. Each check is a function of the spec alone; this puts them together. */
import type { Problem } from '../document.ts';
import type { Spec } from '../schema/spec.ts';
import { findAlertChoiceProblems } from './alert-choices.ts';
import { findAlertingProblems } from './alerting.ts';
import { findCollectorProblems } from './collectors.ts';
import { findCustomMetricProblems } from './custom-metrics.ts';
import { findDashboardProblems } from './dashboards.ts';
import { findGrafanaEngineProblems } from './grafana-engine.ts';
import { findRuntimeProblems, findSocketTlsProblems } from './native.ts';
import { findPortProblems } from './ports.ts';
import { findServerProblems } from './servers.ts';
import { findSloProblems } from './slo.ts';
import { findTimingProblems } from './timing.ts';
import { findVersionProblems } from './versions.ts';

/** Every contradiction inside the spec. */
export function findCrossFieldProblems(spec: Spec): readonly Problem[] {
  return [
    ...findServerProblems(spec),
    ...findRuntimeProblems(spec),
    ...findSocketTlsProblems(spec),
    ...findTimingProblems(spec),
    ...findPortProblems(spec),
    ...findAlertingProblems(spec),
    ...findAlertChoiceProblems(spec),
    ...findCollectorProblems(spec),
    ...findCustomMetricProblems(spec),
    ...findDashboardProblems(spec),
    ...findGrafanaEngineProblems(spec),
    ...findSloProblems(spec),
    ...findVersionProblems(spec),
  ];
}
