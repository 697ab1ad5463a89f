import { DATUM, estimateTravel, type Place, type TravelMatrix, type TravelProfile, type TravelTimeProvider } from '../../domain/routing/index.js';

/** Seconds and metres of one pair; null where the service knows no way. */
export interface ServiceTravel { readonly travelS: number; readonly distanceM: number }

/** A service that tells travel between places. Places come in WGS-84; a service with another datum converts them itself. */
export interface MapService {
  readonly name: string;
  /** @returns row by row what is known. @throws when the service does not answer as it should */
  travel(places: readonly Place[], profile: TravelProfile, departureMin: number): Promise<(ServiceTravel | null)[]>;
}

/** Told when a service failed, so that somebody hears of it; never with the addresses it was asked about. */
export type OnServiceFailure = (service: string, cause: string) => void;

/**
 * Travel times of a map service, completed from the house: a pair the service does not know, and every pair while it does
 * not answer, is told by the own provider and flagged as an estimate. A plan never waits for, or fails with, a service.
 */
export class ServiceTravelTimes implements TravelTimeProvider {
  constructor(private readonly service: MapService, private readonly own: TravelTimeProvider, private readonly onFailure: OnServiceFailure = () => undefined) {}

  async matrix(points: readonly Place[], profile: TravelProfile, departureMin: number): Promise<TravelMatrix> {
    const own = await this.own.matrix(points, profile, departureMin);
    const known = await this.ask(points, profile, departureMin);
    if (known === null) return { ...own, estimated: own.estimated.map((_, cell) => (isSame(points, cell) ? 0 : 1)) };
    const [travelS, distanceM, estimated] = [own.travelS.slice(), own.distanceM.slice(), own.estimated.slice()];
    known.forEach((pair, cell) => {
      if (isSame(points, cell)) return;
      estimated[cell] = pair === null ? 1 : 0;
      if (pair === null) return;
      travelS[cell] = Math.ceil(pair.travelS);
      distanceM[cell] = Math.ceil(pair.distanceM);
    });
    return { size: points.length, travelS, distanceM, estimated, source: this.service.name, datum: DATUM };
  }

  private async ask(points: readonly Place[], profile: TravelProfile, departureMin: number): Promise<(ServiceTravel | null)[] | null> {
    try {
      const known = await this.service.travel(points, profile, departureMin);
      if (known.length !== points.length ** 2) throw new Error(`${known.length} pairs for ${points.length} places`);
      return known.map((pair, cell) => plausible(pair, points, cell, profile));
    } catch (error) {
      this.onFailure(this.service.name, error instanceof Error ? error.message : 'unknown');
      return null;
    }
  }
}

function isSame(points: readonly Place[], cell: number): boolean {
  const [from, to] = [points[Math.floor(cell / points.length)], points[cell % points.length]];
  return from !== undefined && to !== undefined && from.latitude === to.latitude && from.longitude === to.longitude;
}

/** A way shorter than half the straight line, or ten times as long, is one between other places: a datum mixed up, a wrong order. */
function plausible(pair: ServiceTravel | null, points: readonly Place[], cell: number, profile: TravelProfile): ServiceTravel | null {
  const [from, to] = [points[Math.floor(cell / points.length)], points[cell % points.length]];
  if (pair === null || from === undefined || to === undefined) return null;
  const lineM = estimateTravel(from, to, profile).distanceM;
  const sound = Number.isFinite(pair.travelS) && Number.isFinite(pair.distanceM) && pair.travelS >= 0 && pair.distanceM >= 0;
  return sound && pair.distanceM >= lineM * 0.35 && pair.distanceM <= Math.max(2_000, lineM * 10) ? pair : null;
}

export const SERVICE_TIMEOUT_MS = 10_000;

/** @throws Error for an answer that is none, without the address it was asked of, which may hold a key */
export async function fetchText(url: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(SERVICE_TIMEOUT_MS) }).catch(() => { throw new Error('no answer'); });
  const text = await response.text();
  if (!response.ok) throw new Error(`status ${response.status}`);
  return text;
}

export async function fetchJson(url: string, init: RequestInit = {}): Promise<unknown> {
  const text = await fetchText(url, init);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error('the answer is no JSON');
  }
}
