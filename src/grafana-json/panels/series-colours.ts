/** Which line has which colour. What a query is named after keeps its colour; only names from the data take Grafana's own. */
import {
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelQuery, TimeSeriesPanel } from '../../catalog/dashboards/panel.ts';
import { seriesColour } from '../palette.ts';
import type { PanelBuilder } from '../panel-builder.ts';
import { refIdOf } from '../targets.ts';

/** Labels with few values that are known beforehand; each value has its colour on every dashboard. */
const KNOWN_VALUES: Readonly<Record<string, readonly string[]>> = {
  state: [
    'active',
    'idle',
    'fastpath function call',
    'idle in transaction',
    'disabled',
    'idle in transaction (aborted)',
  ],
  stage: ['sent', 'write', 'flush', 'replay'],
  how: ['abandoned', 'fatal', 'killed'],
  wait_event_type: ['Client', 'IO', 'LWLock', 'Lock', 'IPC', 'Timeout', 'BufferPin', 'Activity'],
};

/** True when one query may give many lines, named after their labels. */
export function hasLabels({ legend }: PanelQuery): boolean {
  return legend === '' || legend.includes('{{');
}

function knownValues({ legend }: PanelQuery): readonly string[] {
  const label = /^\{\{\s*(\w+)\s*\}\}$/.exec(legend)?.[1] ?? '';
  return KNOWN_VALUES[label] ?? [];
}

function colour(mode: FieldColorModeId, fixedColor: string): DynamicConfigValue {
  return { id: 'color', value: { mode, fixedColor } };
}

/** One query: a line has the first colour, many take Grafana's palette. Several: each its colour, its lines shades of it. */
export function withSeriesColours<B extends PanelBuilder>(builder: B, { queries }: TimeSeriesPanel): B {
  const [only] = queries;
  if (queries.length === 1 && only !== undefined) {
    for (const [index, value] of knownValues(only).entries())
      builder.overrideByName(value, [colour(FieldColorModeId.Fixed, seriesColour(index))]);
    return builder.colorScheme(
      hasLabels(only)
        ? new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic)
        : new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(seriesColour(0)),
    );
  }
  for (const [index, query] of queries.entries()) {
    const mode = hasLabels(query) ? FieldColorModeId.Shades : FieldColorModeId.Fixed;
    builder.overrideByQuery(refIdOf(index), [colour(mode, seriesColour(index))]);
  }
  return builder.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic));
}
