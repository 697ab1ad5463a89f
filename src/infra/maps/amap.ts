import { z } from 'zod';
import type { Place, TravelProfile } from '../../domain/routing/index.js';
import { toGcj02 } from './gcj02.js';
import { fetchJson, type MapService, type ServiceTravel } from './map-service.js';

const answer = z.object({ status: z.string(), info: z.string().optional(), results: z.array(z.object({ origin_id: z.string(), distance: z.string(), duration: z.string() })).optional() });
/** Origins of one request. */
const ORIGINS_MOST = 100;
/** Driving; walking, which is told for up to five kilometres. A tricycle rides where cars do, at its own speed. */
const TYPE: Readonly<Record<TravelProfile, string>> = { foot: '3', tricycle: '1', car: '1' };
const TRICYCLE_KMH = 15;

/** Amap's distance service (`/v3/distance`): many origins, one destination. Its datum is GCJ-02, so places are shifted on the way out. */
export class Amap implements MapService {
  readonly name = 'amap';

  constructor(private readonly url: string, private readonly key: string) {}

  async travel(places: readonly Place[], profile: TravelProfile): Promise<(ServiceTravel | null)[]> {
    const shifted = places.map((place) => {
      const { latitude, longitude } = toGcj02(place);
      return `${longitude.toFixed(6)},${latitude.toFixed(6)}`;
    });
    const pairs: (ServiceTravel | null)[] = Array.from({ length: places.length ** 2 }, () => null);
    for (const [to, destination] of shifted.entries()) {
      for (let first = 0; first < shifted.length; first += ORIGINS_MOST) {
        const rows = await this.ask(shifted.slice(first, first + ORIGINS_MOST), destination, profile);
        for (const [offset, travel] of rows.entries()) if (first + offset !== to) pairs[(first + offset) * places.length + to] = travel;
      }
    }
    return pairs;
  }

  private async ask(origins: readonly string[], destination: string, profile: TravelProfile): Promise<(ServiceTravel | null)[]> {
    const query = new URLSearchParams({ key: this.key, origins: origins.join('|'), destination, type: TYPE[profile], output: 'JSON' });
    const { status, info, results = [] } = answer.parse(await fetchJson(`${this.url.replace(/\/$/, '')}/v3/distance?${query.toString()}`));
    if (status !== '1') throw new Error(`refused: ${info ?? 'unknown'}`);
    const byOrigin = new Map(results.map((row) => [Number(row.origin_id) - 1, row]));
    return origins.map((_, index) => {
      const row = byOrigin.get(index);
      const [distanceM, travelS] = [Number(row?.distance), Number(row?.duration)];
      // A pair it cannot solve comes with zeroes or an error text in their place.
      if (!(distanceM > 0) || !(travelS > 0)) return null;
      return { distanceM, travelS: profile === 'tricycle' ? Math.max(travelS, (distanceM * 3.6) / TRICYCLE_KMH) : travelS };
    });
  }
}
