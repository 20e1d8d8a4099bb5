/** Hop `grafana`: Grafana answers and its own database works. */
import { asText, at } from '../json.ts';
import { ask, type CheckHop, type Finding, fail, judgePart, pass } from '../verify-context.ts';

const NAME = 'grafana';
export const NO_GRAFANA = 'the stack runs without Grafana';

/** The verdict about `/api/health`: 200 `{"database":"ok","version":…}`, 503 when the database fails. */
export function judgeHealth(status: number, body: string): Finding {
  let health: unknown = null;
  try {
    health = JSON.parse(body);
  } catch {
    return fail(
      NAME,
      `HTTP ${status} without a health report`,
      'see whether Grafana itself listens there: `pgmon logs grafana`',
    );
  }
  const database = asText(at(health, 'database'));
  if (status !== 200 || database !== 'ok') {
    const seen = database === '' ? 'not told' : database;
    return fail(NAME, `HTTP ${status}, its database: ${seen}`, 'see why with `pgmon logs grafana`');
  }
  const version = asText(at(health, 'version'));
  return pass(NAME, `${version === '' ? 'healthy' : `Grafana ${version} healthy`}, its database is ok`);
}

export const checkGrafana: CheckHop = (context) => {
  const part = { hop: NAME, subject: NAME, absence: NO_GRAFANA } as const;
  const look = async () => {
    const { status, body } = await ask(context, NAME, { path: '/api/health' });
    return judgeHealth(status, body);
  };
  return judgePart(context, part, context.stack.grafana === null ? null : look);
};
