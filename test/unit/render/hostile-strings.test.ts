// No string of a spec can change the structure of a file: rendered with hostile strings and parsed back, each file holds
// the same tree as with plain words, with exactly the hostile string in each word's place.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { wellFormed } from '../../../src/render/scalars.ts';
import type { Stack } from '../../../src/stack/stack.ts';
import { createFullStack } from '../../support/full-stack-fixture.ts';
import { hostileText } from '../../support/hostile-text.ts';
import { allFiles, renderForTest } from '../../support/rendering.ts';

const FIELDS = [
  'specName',
  'stackName',
  'image',
  'externalLabel',
  'serverName',
  'database',
  'user',
  'label',
  'webUser',
  'webSecret',
  'serverNameTls',
  'adminUser',
  'rootUrl',
  'externalUrl',
  'remoteAddress',
  'remoteLabel',
  'channel',
  'from',
  'smarthost',
  'mailUser',
  'receiver',
  'groupBy',
] as const;
type Field = (typeof FIELDS)[number];
type Words = Readonly<Record<Field, string>>;

/** Plain words that cannot be mistaken for anything else in a file. */
const PLAIN = Object.fromEntries(FIELDS.map((field) => [field, `Word0${field}0`])) as Words;

function stackWith(words: Words): Stack {
  const base = createFullStack();
  const { basicAuth, tls } = base.prometheus.web;
  const [bundled, orders] = base.servers;
  if (
    !bundled ||
    !orders ||
    !basicAuth ||
    !tls ||
    !base.postgres ||
    !base.alertmanager ||
    !base.grafana ||
    !base.nodeExporter
  ) {
    throw new Error('the full stack is not full');
  }
  return {
    ...base,
    name: words.stackName,
    specName: words.specName,
    externalLabels: { site: words.externalLabel },
    servers: [
      bundled,
      {
        ...orders,
        name: words.serverName,
        user: words.user,
        database: words.database,
        labels: { team: words.label },
      },
    ],
    postgres: { ...base.postgres, database: words.database },
    prometheus: {
      ...base.prometheus,
      externalUrl: words.externalUrl,
      image: { ...base.prometheus.image, reference: words.image },
      web: {
        basicAuth: { ...basicAuth, user: words.webUser },
        tls: { ...tls, serverName: words.serverNameTls },
      },
    },
    postgresExporter: { ...base.postgresExporter, collectors: { stat_statements: false } },
    delivery: {
      ...base.delivery,
      defaultReceiver: words.receiver,
      groupBy: [words.groupBy],
      receivers: base.delivery.receivers.map((receiver) => {
        if (receiver.kind === 'slack') return { ...receiver, channel: words.channel };
        if (receiver.kind === 'discord') return { ...receiver, name: words.receiver };
        if (receiver.kind !== 'email') return receiver;
        return { ...receiver, from: words.from, smarthost: words.smarthost, user: words.mailUser };
      }),
      routes: [{ receiver: words.receiver, match: {}, continues: false, mute: [] }],
    },
    grafana: { ...base.grafana, adminUser: words.adminUser, rootUrl: words.rootUrl },
    nodeExporter: {
      ...base.nodeExporter,
      remoteTargets: [{ address: words.remoteAddress, labels: { rack: words.remoteLabel } }],
    },
  };
}

function filesWith(words: Words) {
  const rendered = renderForTest(stackWith(words));
  const ids = rendered.secretFiles.flatMap((file) => file.secrets);
  const values = new Map(ids.map((id) => [id, words.webSecret]));
  return allFiles(rendered, values).filter((file) => file.path.endsWith('.yml'));
}

type Rewrite = (text: string) => string;

function mapStrings(node: unknown, rewrite: Rewrite): unknown {
  if (typeof node === 'string') return rewrite(node);
  if (Array.isArray(node)) return node.map((item) => mapStrings(item, rewrite));
  if (node instanceof Map) {
    return new Map([...node].map(([key, value]) => [mapStrings(key, rewrite), mapStrings(value, rewrite)]));
  }
  return node;
}

/** What the file's reader makes of a string once YAML is parsed: undoing it must give the spec's string back. */
function readerOf(path: string): Rewrite {
  const undollar: Rewrite = (text) => text.replaceAll('$$', '$');
  if (path === 'docker-compose.yml' || path.startsWith('grafana/')) return undollar;
  if (path === 'alertmanager/alertmanager.yml') {
    // A matcher's value is quoted once more.
    return (text) =>
      /^pgmon_receiver=/.test(text)
        ? text.replace(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character))
        : text.replaceAll('{{"{{"}}', '{{');
  }
  return (text) => text;
}

function place(words: Words): Rewrite {
  return (text) => {
    let placed = text;
    for (const field of FIELDS) {
      // In a target the database is part of an address and stands there percent-encoded.
      const isAddress = field === 'database' && text.includes('/');
      const word = wellFormed(words[field]);
      placed = placed.split(PLAIN[field]).join(isAddress ? encodeURIComponent(word) : word);
    }
    return placed;
  };
}

const words: fc.Arbitrary<Words> = fc.record(
  Object.fromEntries(FIELDS.map((field) => [field, hostileText])) as Record<Field, fc.Arbitrary<string>>,
);

describe('hostile strings', () => {
  const plainFiles = filesWith(PLAIN);

  it('reach every field of this test in some file', () => {
    const text = JSON.stringify(plainFiles);
    expect(FIELDS.filter((field) => !text.includes(PLAIN[field]))).toEqual([]);
  });

  it.each(['1.1', '1.2'] as const)(
    'leave the structure of every file as it is for YAML %s',
    { timeout: 60_000 },
    (version) => {
      const read = (text: string): unknown => parse(text, { version, mapAsMap: true });
      const trees = new Map(plainFiles.map(({ path, content }) => [path, read(content)]));
      expect(trees.size).toBeGreaterThan(10);
      fc.assert(
        fc.property(words, (hostile) => {
          for (const { path, content } of filesWith(hostile)) {
            if (path === 'docker-compose.yml') continue;
            const expected = mapStrings(trees.get(path), place(hostile));
            // Prometheus alone of its file's readers expands variables, and in external labels alone.
            const isPrometheus = path === 'prometheus/prometheus.yml';
            const site = isPrometheus ? hostile.externalLabel.replaceAll('$', '$$$$') : hostile.externalLabel;
            const adjusted = isPrometheus
              ? mapStrings(trees.get(path), place({ ...hostile, externalLabel: site }))
              : expected;
            expect(mapStrings(read(content), readerOf(path)), path).toEqual(adjusted);
          }
        }),
        { numRuns: 20 },
      );
    },
  );

  it('leave the structure of docker-compose.yml as it is', () => {
    const hash = /^[0-9a-f]{64}$/;
    const read = (content: string): unknown =>
      mapStrings(parse(content, { mapAsMap: true }), (text) =>
        hash.test(text) ? 'a hash' : text.replaceAll('$$', '$'),
      );
    const composeOf = (files: typeof plainFiles): string =>
      files.find((file) => file.path === 'docker-compose.yml')?.content ?? '';
    const tree = read(composeOf(plainFiles));
    fc.assert(
      fc.property(words, (hostile) => {
        // The environment holds the database as it is, although it may contain a slash.
        expect(read(composeOf(filesWith(hostile)))).toEqual(mapStrings(tree, place(hostile)));
      }),
      { numRuns: 20 },
    );
  });
});
