/** A local server that answers as Grafana's classic API is documented to, for dashboards. */
import { type HttpAnswers, startHttpAnswers } from './http-answers.ts';

export interface StoredDashboard {
  readonly uid: string;
  readonly title: string;
  readonly folderTitle?: string;
  readonly [key: string]: unknown;
}

export interface FakeGrafana extends HttpAnswers {
  /** What is stored, by uid; a test may change it. */
  readonly dashboards: Map<string, StoredDashboard>;
}

export const ADMIN = { user: 'admin', password: 'grafana-of-a-test' } as const;

function hit({ uid, title, folderTitle }: StoredDashboard, index: number) {
  const id = index + 1;
  const folder = folderTitle === undefined ? {} : { folderId: 9, folderUid: 'f9', folderTitle };
  return {
    id,
    uid,
    title,
    uri: `db/${uid}`,
    url: `/d/${uid}/x`,
    slug: '',
    type: 'dash-db',
    tags: [],
    ...folder,
  };
}

/** Wants the admin's login for everything. */
export async function startFakeGrafana(stored: readonly StoredDashboard[]): Promise<FakeGrafana> {
  const dashboards = new Map(stored.map((one) => [one.uid, one]));
  const answer = (path: string) => {
    const { pathname, searchParams } = new URL(path, 'http://localhost');
    if (pathname === '/api/search') {
      const limit = Number(searchParams.get('limit'));
      const page = Number(searchParams.get('page'));
      const all = [...dashboards.values()].map(hit);
      return { body: JSON.stringify(all.slice((page - 1) * limit, page * limit)) };
    }
    const uid = /^\/api\/dashboards\/uid\/([^/]+)$/.exec(pathname)?.[1] ?? '';
    const found = dashboards.get(decodeURIComponent(uid));
    if (found === undefined) return { status: 404, body: '{"message":"Dashboard not found"}' };
    const { folderTitle = 'Dashboards', ...dashboard } = found;
    const meta = { type: 'db', canSave: true, slug: 'x', folderTitle, provisioned: false, version: 4 };
    return { body: JSON.stringify({ meta, dashboard: { id: 44, version: 4, ...dashboard } }) };
  };
  const wanted = `Basic ${Buffer.from(`${ADMIN.user}:${ADMIN.password}`).toString('base64')}`;
  const server = await startHttpAnswers((path, headers) =>
    headers.authorization === wanted ? answer(path) : { status: 401, body: '{"message":"Unauthorized"}' },
  );
  return { ...server, dashboards };
}
