/** Which values of its variables a dashboard is looked at with. */
import { expect, test } from 'vitest';
import { DATABASE, ENVIRONMENT, HOST, SERVER, SERVERS } from '../../../src/catalog/dashboards/variables.ts';
import { limitServers, MAX_PLACES, placesOf } from '../../../src/panels/check/places.ts';

const choices = { servers: ['a', 'b', 'c'], hosts: ['x:9100', 'y:9100'] };
const placesFor = (...variables: Parameters<typeof placesOf>[0]['variables']) =>
  placesOf({ variables }, choices);

test('a dashboard about many servers is looked at once, with all of them', () => {
  expect(placesFor(ENVIRONMENT, SERVERS)).toEqual([
    { name: null, server: null, chosen: { environment: null, instance: null } },
  ]);
});

test('a dashboard about one server is looked at for each', () => {
  const places = placesFor(ENVIRONMENT, SERVER, DATABASE);
  expect(places.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(places[1]).toEqual({
    name: 'b',
    server: 'b',
    chosen: { environment: null, instance: ['b'], database: null },
  });
});

test('a dashboard about a server and a machine shows every one of both', () => {
  expect(placesFor(SERVER, HOST).map(({ name }) => name)).toEqual(['a+x:9100', 'b+y:9100', 'c+x:9100']);
  expect(placesFor(HOST).map(({ name, server }) => [name, server])).toEqual([
    ['x:9100', null],
    ['y:9100', null],
  ]);
});

test('a dashboard about a machine is looked at without any, so that somebody says so', () => {
  expect(placesOf({ variables: [HOST] }, { servers: [], hosts: [] })).toEqual([
    { name: null, server: null, chosen: { host: [''] } },
  ]);
});

test('of very many servers the first are looked at, and it is said; those that are named all are', () => {
  const all = Array.from({ length: MAX_PLACES + 20 }, (_, i) => `s${i}`);
  const { servers, leftOut } = limitServers(all, []);
  expect(servers).toEqual(all.slice(0, MAX_PLACES));
  expect(leftOut).toBe('looked at 50 of 70 servers; --server names others');
  expect(limitServers(all, all)).toEqual({ servers: all, leftOut: null });
  expect(limitServers(['a'], [])).toEqual({ servers: ['a'], leftOut: null });
});
