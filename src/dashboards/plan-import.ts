/** From what was fetched to the files of the directory: fitted to the stack, judged and placed. Pure; nothing is written. */
import { EnvironmentError } from '../errors.ts';
import type { Lock } from '../stack/lock.ts';
import { type FoundFile, judgeFile } from './directory.ts';
import { fillInputs } from './fill-inputs.ts';
import type { Fetched } from './import-source.ts';
import { isUid, parseDashboard } from './parse-dashboard.ts';
import { type Placed, type Placing, placeDashboard } from './place-dashboard.ts';

export interface Imported extends Placed, Omit<Fetched, 'text' | 'what'> {
  readonly uid: string;
  readonly title: string;
}

function refuseUnfit(what: string, problem: string): never {
  throw new EnvironmentError(`cannot use ${what}: ${problem}`, {
    code: 'dashboard-invalid',
    hint: 'change its file and import that, or export it anew from a Grafana with Prometheus, as "Classic"',
  });
}

function toPlacing({ what, id, text }: Fetched): Placing {
  const parsed = parseDashboard(text);
  if (!parsed.ok) return refuseUnfit(what, parsed.problem);
  const filled = fillInputs(parsed.content);
  if (!filled.ok) return refuseUnfit(what, filled.problem);
  const given = filled.content.uid;
  const uid = isUid(given) ? given : id === null ? null : `grafana-com-${id}`;
  if (uid === null) return refuseUnfit(what, 'it has no uid of at most 40 letters, digits, `-` and `_`');
  const hint = 'download it, change its "uid" and its "title", and import the file';
  return { what, id, uid, title: parsed.title, content: filled.content, hint };
}

/** Two of one command that are the same dashboard, but not the same bytes: the second would take the place of the first. */
function refuseSecond({ what, sha256 }: Fetched, name: string, before: readonly Imported[]): void {
  const first = before.find((one) => one.name === name && one.sha256 !== sha256);
  if (first === undefined) return;
  throw new EnvironmentError(
    `cannot keep ${what}: ${first.source} is the same dashboard (uid "${first.uid}")`,
    {
      code: 'dashboard-conflict',
      hint: 'import one of them, or change the "uid" and the "title" of the other',
    },
  );
}

interface Plan {
  readonly imported: readonly Imported[];
  /** Of the directory, as they would be by then. */
  readonly files: readonly FoundFile[];
}

/** In the order given; each one sees the files of those before it. Throws EnvironmentError for what cannot be used or kept. */
export function planImport(
  fetched: readonly Fetched[],
  files: readonly FoundFile[],
  lock: Lock,
): readonly Imported[] {
  const plan = fetched.reduce<Plan>(
    (before, one) => {
      const placing = toPlacing(one);
      const placed = placeDashboard(placing, before.files, lock);
      const { name, text } = placed;
      refuseSecond(one, name, before.imported);
      const { text: _, what: _what, ...rest } = one;
      const { uid, title } = placing;
      return {
        imported: [...before.imported, { ...placed, ...rest, uid, title }],
        files: [...before.files.filter((file) => file.name !== name), judgeFile(name, text)],
      };
    },
    { imported: [], files },
  );
  return plan.imported;
}
