/** Judges Grafana Alerting's files as Grafana would, and where it would take in silence what cannot work. */
import { parse } from 'yaml';
import { DATA_SOURCE_UID } from '../../src/conventions.ts';
import type { RenderedFile } from '../../src/stack/rendered-stack.ts';

type Tree = Readonly<Record<string, unknown>>;

export interface GrafanaRule {
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly data: readonly {
    readonly refId: string;
    readonly datasourceUid: string;
    readonly relativeTimeRange?: { readonly from: number; readonly to: number };
    readonly model: Tree & { readonly refId: string; readonly expr?: string; readonly type?: string };
  }[];
  readonly noDataState: string;
  readonly execErrState: string;
  readonly for: string;
  readonly keepFiringFor: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly isPaused: boolean;
}

export interface GrafanaPolicy {
  readonly receiver: string;
  readonly object_matchers?: readonly (readonly string[])[];
  readonly mute_time_intervals?: readonly string[];
  readonly continue?: boolean;
  readonly routes?: readonly GrafanaPolicy[];
}

export interface GrafanaFiles {
  readonly groups: readonly {
    readonly name: string;
    readonly folder: string;
    readonly interval: string;
    readonly rules: readonly GrafanaRule[];
  }[];
  readonly deleteRules: readonly { readonly uid: string }[];
  readonly contactPoints: readonly {
    readonly name: string;
    readonly receivers: readonly {
      readonly uid: string;
      readonly type: string;
      readonly settings: Readonly<Record<string, unknown>>;
      readonly disableResolveMessage: boolean;
    }[];
  }[];
  readonly policies: readonly GrafanaPolicy[];
  readonly muteTimes: readonly { readonly name: string }[];
  readonly templates: readonly { readonly name: string; readonly template: string }[];
}

const DIRECTORY = 'grafana/provisioning/alerting/';

/** All files of the directory in one document. */
export function readGrafanaFiles(files: readonly RenderedFile[]): GrafanaFiles {
  const parts = files.filter(({ path }) => path.startsWith(DIRECTORY)).map(({ content }) => parse(content));
  return Object.assign({}, ...parts) as GrafanaFiles;
}

const UID = /^[A-Za-z0-9_-]{1,40}$/;
const DURATION = /^(\d+(ms|[smhdwy]))+$/;
const RULE_FIELDS = [
  'annotations',
  'condition',
  'data',
  'execErrState',
  'for',
  'isPaused',
  'keepFiringFor',
  'labels',
  'noDataState',
  'title',
  'uid',
];
const NEEDED_SETTINGS: Readonly<Record<string, readonly string[]>> = {
  webhook: ['url'],
  slack: ['url'],
  email: ['addresses'],
  pagerduty: ['integrationKey'],
  teams: ['url'],
  telegram: ['bottoken', 'chatid'],
  discord: ['url'],
};

function repeated(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) < index);
}

function ruleProblems(rule: GrafanaRule): readonly string[] {
  const refIds = rule.data.map(({ refId }) => refId);
  const texts = [...Object.values(rule.annotations), ...Object.values(rule.labels)];
  const checks: readonly (readonly [boolean, string])[] = [
    [UID.test(rule.uid), 'uid'],
    [rule.title !== '', 'title'],
    [refIds.includes(rule.condition), 'condition names no query'],
    [Object.keys(rule).toSorted().join() === RULE_FIELDS.join(), `fields ${Object.keys(rule).join()}`],
    [['NoData', 'OK', 'Alerting', 'KeepLast'].includes(rule.noDataState), 'noDataState'],
    [['Error', 'OK', 'Alerting', 'KeepLast'].includes(rule.execErrState), 'execErrState'],
    [DURATION.test(rule.for), `for ${rule.for}`],
    [DURATION.test(rule.keepFiringFor), `keepFiringFor ${rule.keepFiringFor}`],
    [rule.data.every(({ relativeTimeRange }) => relativeTimeRange !== undefined), 'relativeTimeRange'],
    [rule.data.every(({ refId, model }) => refId === model.refId), 'refId of a model'],
    [
      rule.data.every(({ datasourceUid }) => [DATA_SOURCE_UID, '__expr__'].includes(datasourceUid)),
      'data source',
    ],
    [
      rule.data.every(({ datasourceUid, model }) => datasourceUid !== '__expr__' || model.type === 'math'),
      'type of expression',
    ],
    [!texts.some((text) => /\$value\b|\bquery\b \(|\$\{/.test(text)), 'text that Grafana cannot fill'],
    [!Object.values(rule.labels).some((text) => text.replaceAll('$$', '').includes('$')), '$ in a label'],
  ];
  return checks.filter(([ok]) => !ok).map(([, what]) => `rule ${rule.uid}: ${what}`);
}

function allPolicies(policies: readonly GrafanaPolicy[]): readonly GrafanaPolicy[] {
  return policies.flatMap((policy) => [policy, ...allPolicies(policy.routes ?? [])]);
}

function deliveryProblems({
  contactPoints,
  policies,
  muteTimes,
  templates,
}: GrafanaFiles): readonly string[] {
  const names = contactPoints.map(({ name }) => name);
  const mutes = muteTimes.map(({ name }) => name);
  const integrations = contactPoints.flatMap(({ receivers }) => receivers);
  const defined = templates.flatMap(({ template }) =>
    [...template.matchAll(/\{\{-? define "([^"]+)"/g)].map((match) => match[1]),
  );
  const called = [
    ...integrations.flatMap(({ settings }) => Object.values(settings).map(String)),
    ...templates.map(({ template }) => template),
  ].flatMap((text) => [...text.matchAll(/template "([^"]+)"/g)].map((match) => match[1] ?? ''));
  return [
    ...(policies.length === 1 ? [] : [`${policies.length} policy trees`]),
    ...repeated(names).map((name) => `contact point ${name} twice`),
    ...repeated(integrations.map(({ uid }) => uid)).map((uid) => `contact point uid ${uid} twice`),
    ...integrations.filter(({ uid }) => !UID.test(uid)).map(({ uid }) => `contact point uid ${uid}`),
    ...integrations.flatMap(({ uid, type, settings }) => {
      const needed = NEEDED_SETTINGS[type];
      if (needed === undefined) return [`${uid}: type ${type}`];
      return needed.filter((key) => !settings[key]).map((key) => `${uid}: no ${key}`);
    }),
    ...allPolicies(policies).flatMap(({ receiver, mute_time_intervals: own = [] }) => [
      ...(names.includes(receiver) ? [] : [`policy names the receiver ${receiver}`]),
      ...own.filter((name) => !mutes.includes(name)).map((name) => `policy names the mute timing ${name}`),
    ]),
    ...called.filter((name) => !defined.includes(name)).map((name) => `template ${name} is not defined`),
  ];
}

/** One sentence for everything that Grafana would refuse, or take and not do. */
export function findGrafanaProblems(files: GrafanaFiles): readonly string[] {
  const rules = files.groups.flatMap((group) => group.rules);
  return [
    ...files.groups
      .filter(({ interval }) => !/^\d+0s$/.test(interval))
      .map(({ name, interval }) => `group ${name}: interval ${interval}`),
    ...repeated(files.groups.map(({ folder, name }) => `${folder}/${name}`)).map(
      (name) => `group ${name} twice`,
    ),
    ...repeated(rules.map(({ uid }) => uid)).map((uid) => `rule uid ${uid} twice`),
    ...files.groups.flatMap(({ folder }) =>
      repeated(
        files.groups
          .filter((one) => one.folder === folder)
          .flatMap((one) => one.rules.map(({ title }) => title)),
      ).map((title) => `title ${title} twice in ${folder}`),
    ),
    ...rules.flatMap(ruleProblems),
    ...files.deleteRules
      .filter(({ uid }) => rules.some((rule) => rule.uid === uid))
      .map(({ uid }) => `${uid} is made and deleted`),
    ...deliveryProblems(files),
  ];
}
