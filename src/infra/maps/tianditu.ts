import type { Place, TravelProfile } from '../../domain/routing/index.js';
import { fetchText, type MapService, type ServiceTravel } from './map-service.js';

/** One request is one pair: more of them than this are left to the own roads. */
const PAIRS_MOST = 400;
const SPEED_KMH: Readonly<Record<TravelProfile, number>> = { foot: 4.5, tricycle: 15, car: 60 };

/**
 * Tianditu's driving service (`/drive`), XML with kilometres and seconds. Its datum is CGCS2000, which at the scale of a door
 * is WGS-84: nothing is shifted. It drives cars only, so slower vehicles take its way at their own speed.
 */
export class Tianditu implements MapService {
  readonly name = 'tianditu';

  constructor(private readonly url: string, private readonly key: string, private readonly pairsMost = PAIRS_MOST) {}

  async travel(places: readonly Place[], profile: TravelProfile): Promise<(ServiceTravel | null)[]> {
    if (places.length * (places.length - 1) > this.pairsMost) throw new Error(`${places.length} places are too many for one pair a request`);
    const pairs: (ServiceTravel | null)[] = [];
    for (const from of places) for (const to of places) pairs.push(from === to ? null : await this.ask(from, to, profile));
    return pairs;
  }

  private async ask(from: Place, to: Place, profile: TravelProfile): Promise<ServiceTravel | null> {
    const at = ({ latitude, longitude }: Place): string => `${longitude.toFixed(6)},${latitude.toFixed(6)}`;
    const query = new URLSearchParams({ postStr: JSON.stringify({ orig: at(from), dest: at(to), style: '0' }), type: 'search', tk: this.key });
    const text = await fetchText(`${this.url.replace(/\/$/, '')}/drive?${query.toString()}`);
    if (!text.includes('<result')) throw new Error('the answer is no route');
    const [km, seconds] = [numberIn(text, 'distance'), numberIn(text, 'duration')];
    if (km === null || seconds === null || km <= 0) return null;
    const distanceM = km * 1000;
    return { distanceM, travelS: Math.max(seconds, (distanceM * 3.6) / SPEED_KMH[profile]) };
  }
}

/** The first element of this name that holds a number: the whole route stands before its parts. */
function numberIn(xml: string, element: string): number | null {
  const found = new RegExp(`<${element}>\\s*(\\d+(?:\\.\\d+)?)\\s*</${element}>`).exec(xml)?.[1];
  return found === undefined ? null : Number(found);
}
