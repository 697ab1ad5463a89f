import { z } from 'zod';
import type { Place, TravelProfile } from '../../domain/routing/index.js';
import { fetchJson, type MapService, type ServiceTravel } from './map-service.js';

/** A pair without a way has null for both. Distances in kilometres, as asked for. */
const cell = z.object({ time: z.number().nullable().optional(), distance: z.number().nullable().optional(), from_index: z.int(), to_index: z.int() });
const answer = z.object({ sources_to_targets: z.array(z.array(cell)) });
const COSTING: Readonly<Record<TravelProfile, string>> = { foot: 'pedestrian', tricycle: 'bicycle', car: 'auto' };
/** What a service takes at most in one request unless its operator has raised it. */
const PAIRS_MOST = 2_500;

/** Valhalla's time-distance matrix (`/sources_to_targets`); WGS-84, as it is here. */
export class Valhalla implements MapService {
  readonly name = 'valhalla';

  constructor(private readonly url: string, private readonly pairsMost = PAIRS_MOST) {}

  async travel(places: readonly Place[], profile: TravelProfile): Promise<(ServiceTravel | null)[]> {
    const pairs: (ServiceTravel | null)[] = Array.from({ length: places.length ** 2 }, () => null);
    const side = Math.max(1, Math.floor(Math.sqrt(this.pairsMost)));
    for (let row = 0; row < places.length; row += side) {
      for (let column = 0; column < places.length; column += side) {
        const block = await this.ask(places.slice(row, row + side), places.slice(column, column + side), profile);
        for (const one of block) pairs[(row + one.from) * places.length + column + one.to] = one.travel;
      }
    }
    return pairs;
  }

  private async ask(sources: readonly Place[], targets: readonly Place[], profile: TravelProfile): Promise<{ from: number; to: number; travel: ServiceTravel | null }[]> {
    const located = (place: Place): { lat: number; lon: number } => ({ lat: place.latitude, lon: place.longitude });
    const body = { sources: sources.map(located), targets: targets.map(located), costing: COSTING[profile], units: 'kilometers' };
    const { sources_to_targets: rows } = answer.parse(await fetchJson(`${this.url.replace(/\/$/, '')}/sources_to_targets`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    }));
    return rows.flat().map(({ time, distance, from_index: from, to_index: to }) => ({
      from, to, travel: time == null || distance == null ? null : { travelS: time, distanceM: distance * 1000 },
    }));
  }
}
