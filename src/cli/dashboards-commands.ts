/** `pgmon dashboards …`: flags and how they become options. */
import type { GroupEntry, RunnableEntry } from './command-entry.ts';
import { numberOf, stackOptions, textOf } from './flags.ts';
import { parseAddress, parsePositive } from './values.ts';

const importCommand: RunnableEntry = {
  kind: 'command',
  usage: 'import [sources...]',
  summary: 'bring dashboards of others beside the spec: by id on grafana.com, by address, or from a file',
  description:
    'Bring dashboards of others into the directory beside the spec (dashboards.directory), with their data source set to the Prometheus of the stack. A source is an id on grafana.com such as 9628, an address, or a file; without one, what dashboards.community of the spec lists and the directory lacks. Revision and checksum go into pgmon.lock.yaml: the same revision must be the same bytes for ever.',
  flags: [
    {
      syntax: '--revision <number>',
      description: 'the revision (default: that of the spec, of the lock file, or the newest)',
      parse: parsePositive,
    },
    {
      syntax: '--id <number>',
      description: 'the id on grafana.com of what the file or address holds',
      parse: parsePositive,
    },
    {
      syntax: '--mirror <url>',
      description: 'ask this address in place of https://grafana.com',
      parse: parseAddress,
    },
  ],
  isStackCommand: true,
  examples: [
    'pgmon dashboards import 9628 --revision 7',
    'pgmon dashboards import',
    'pgmon dashboards import 9628_rev7.json',
  ],
  run: async (context, values, sources) => {
    const { dashboardsImport } = await import('../commands/dashboards/dashboards-import.ts');
    const revision = numberOf(values, 'revision');
    const id = numberOf(values, 'id');
    const mirror = textOf(values, 'mirror');
    return dashboardsImport(context, {
      ...stackOptions(values),
      sources,
      ...(revision !== undefined && { revision }),
      ...(id !== undefined && { id }),
      ...(mirror !== undefined && { mirror }),
    });
  },
};

const exportCommand: RunnableEntry = {
  kind: 'command',
  usage: 'export [uids...]',
  summary: 'write the dashboards that were made or changed in Grafana into files beside the spec',
  description:
    "Write the dashboards of the running Grafana, all but pgmon's own, into the directory beside the spec (dashboards.directory): stable JSON for review in Git. Files of other dashboards stay as they are.",
  isStackCommand: true,
  examples: ['pgmon dashboards export', 'pgmon dashboards export orders-by-shop'],
  run: async (context, values, uids) => {
    const { dashboardsExport } = await import('../commands/dashboards/dashboards-export.ts');
    return dashboardsExport(context, { ...stackOptions(values), uids });
  },
};

const diffCommand: RunnableEntry = {
  kind: 'command',
  usage: 'diff [uids...]',
  summary: 'show what was changed in Grafana against the files; exit code 10 when something differs',
  isStackCommand: true,
  examples: ['pgmon dashboards diff', 'pgmon dashboards diff --json'],
  run: async (context, values, uids) => {
    const { dashboardsDiff } = await import('../commands/dashboards/dashboards-diff.ts');
    return dashboardsDiff(context, { ...stackOptions(values), uids });
  },
};

export const DASHBOARDS_COMMANDS: GroupEntry = {
  kind: 'group',
  usage: 'dashboards',
  summary: 'more dashboards: bring in those of others, take back what was changed in Grafana',
  commands: [importCommand, exportCommand, diffCommand],
};
