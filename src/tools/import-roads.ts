import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import dataSource from '../data-source.js';
import { boxAround, buildRoadGraph, joinToRoads, type Place } from '../domain/routing/index.js';
import { newId } from '../infra/ids.js';
import { readRoads } from '../infra/maps/osm-pbf.js';

/**
 * `import-roads --file hangzhou.osm.pbf [--street NAME-OR-ID] [--margin 3000] [--source NAME]` reads the roads around a street's
 * points and homes from an OpenStreetMap extract. Plans made from then on use them; the roads before stay stored. The extract
 * is data of OpenStreetMap contributors (ODbL), which the source says.
 */
async function importRoads(): Promise<void> {
  const { values } = parseArgs({ options: { file: { type: 'string' }, street: { type: 'string' }, margin: { type: 'string', default: '3000' }, source: { type: 'string' } } });
  const marginM = Number(values.margin);
  if (values.file === undefined || !(marginM >= 0 && marginM <= 20_000)) throw new Error('usage: import-roads --file EXTRACT.osm.pbf [--street NAME-OR-ID] [--margin METRES up to 20000] [--source NAME]');
  await dataSource.initialize();
  try {
    const streets = await dataSource.query<{ id: string; name: string }[]>('SELECT id, name FROM street WHERE ? IS NULL OR id = ? OR name = ? ORDER BY name', [values.street ?? null, values.street ?? '', values.street ?? '']);
    const [street] = streets;
    if (street === undefined || streets.length > 1) throw new Error(`which street? ${streets.map((one) => one.name).join(', ') || 'none has this name'}`);
    const homes = await dataSource.query<Place[]>(
      `SELECT latitude, longitude FROM senior WHERE street_id = ? AND status = 'active'
       UNION ALL SELECT p.latitude, p.longitude FROM point p JOIN community c ON c.id = p.community_id WHERE c.street_id = ? UNION ALL SELECT latitude, longitude FROM kitchen WHERE street_id = ?`,
      [street.id, street.id, street.id],
    );
    const box = boxAround(homes, marginM);
    if (box === null) throw new Error(`${street.name} has neither points nor seniors yet: nothing says where its roads are`);
    const data = await readRoads(values.file, box);
    if (data.edges.length === 0) throw new Error('the extract holds no roads around this street; is it the right district?');
    const graph = buildRoadGraph(data);
    const offRoad = homes.filter((home) => joinToRoads(graph, home).node === null).length;
    const source = (values.source ?? `OpenStreetMap ${basename(values.file).replace(/\.osm\.pbf$/, '')}`).slice(0, 80);
    await dataSource.query('INSERT INTO road_graph (id, street_id, source, graph, created_at) VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3))', [newId(), street.id, source, JSON.stringify(data)]);
    console.log(`${street.name}: ${graph.nodeCount} nodes, ${graph.edgeCount} directed roads from ${source}; ${homes.length - offRoad} of ${homes.length} points and homes lie on them`);
    console.log(JSON.stringify({ nodes: graph.nodeCount, edges: graph.edgeCount, places: homes.length, offRoad }));
  } finally {
    await dataSource.destroy();
  }
}

await importRoads();
