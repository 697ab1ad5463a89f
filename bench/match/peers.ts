import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Another exact search over the same rows: the nearest rows of a probe, nearest first. */
export type PeerSearch = (probe: Float32Array, count: number) => number[];

interface UsearchModule {
  readonly MetricKind: { readonly IP: string };
  exactSearch(rows: Float32Array, probe: Float32Array, width: number, count: number, metric: string, threads: number): { keys: BigUint64Array };
}
interface HnswModule {
  BruteforceSearch: new (space: string, width: number) => {
    initIndex(most: number): void;
    addPoint(point: number[], label: number): void;
    searchKnn(probe: number[], count: number): { neighbors: number[]; distances: number[] };
  };
}

/**
 * The other searches are native: one needs a compiler and both the network, so they are installed into a temporary
 * folder of this run and never into the project. What cannot be installed is told and left out.
 */
export function loadPeers(rows: Float32Array, width: number): Map<string, PeerSearch> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rehufan-match-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  const load = createRequire(path.join(folder, 'package.json'));
  const peers = new Map<string, PeerSearch>();
  const add = (name: string, make: (loaded: unknown) => PeerSearch): void => {
    try {
      const npm = (...args: string[]): void => { execFileSync('npm', args, { cwd: folder, stdio: 'pipe', timeout: 240_000 }); };
      npm('install', '--prefer-offline', '--no-audit', '--no-fund', name);
      // Install scripts are off by default in newer npm; asked for by name they run.
      npm('rebuild', name);
      peers.set(name, make(load(name)));
    } catch (reason) {
      console.log(`${name} is left out, it does not install here: ${String(reason).split('\n')[0]}`);
    }
  };
  add('usearch', (loaded) => {
    const usearch = loaded as UsearchModule;
    return (probe, count) => Array.from(usearch.exactSearch(rows, probe, width, count, usearch.MetricKind.IP, 1).keys, Number);
  });
  add('hnswlib-node', (loaded) => {
    const search = new (loaded as HnswModule).BruteforceSearch('ip', width);
    search.initIndex(rows.length / width);
    for (let row = 0; row < rows.length / width; row += 1) search.addPoint(Array.from(rows.subarray(row * width, (row + 1) * width)), row);
    return (probe, count) => {
      const { neighbors, distances } = search.searchKnn(Array.from(probe), count);
      return neighbors.map((row, at) => ({ row, distance: distances[at] })).sort((a, b) => a.distance - b.distance).map(({ row }) => row);
    };
  });
  return peers;
}
