/** What Grafana's SDK adds although nobody asked for it. */
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type {
  AnnotationQuery,
  DashboardLink,
  VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** Controls stay at the top of the dashboard, where they are seen; the SDK puts every one into a menu. */
export function outsideMenu<T extends AnnotationQuery | DashboardLink>(builder: Builder<T>) {
  const build = () => {
    const { placement: _, ...rest } = builder.build();
    return rest;
  };
  return { build };
}

/** `auto` and its figures belong to variables of intervals; Grafana's schema has them on no other. */
export function withoutAuto(builder: Builder<VariableModel>) {
  const build = () => {
    const { auto: _, auto_count: __, auto_min: ___, ...rest } = builder.build();
    return rest;
  };
  return { build };
}
