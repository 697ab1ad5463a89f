/** A place meals can leave from: a point with its crews, or the kitchen. */
export interface Depot {
  readonly kind: 'point' | 'kitchen';
  readonly id: string;
}

/** A depot that could serve a door instead of the usual one, with its one-way travel time to it. */
export interface DepotReach {
  readonly depot: Depot;
  readonly travelS: number;
  readonly hasCrew: boolean;
}

export interface RadiusQuestion {
  readonly radiusS: number;
  /** From the usual depot to the door. */
  readonly travelS: number;
  readonly mustServe: boolean;
  readonly otherPoints: readonly DepotReach[];
  /** By the vehicle of the kitchen's ordinary crews, and by its car; null where the point has no kitchen. */
  readonly kitchen: DepotReach | null;
  readonly kitchenCar: DepotReach | null;
}

/**
 * inside: served from the usual depot. other-depot, kitchen, kitchen-car: decided instead of it for a person who
 * must be served. listed: outside, with the minutes missing, for a person to decide.
 */
export type RadiusAnswer =
  | { readonly decision: 'inside' }
  | { readonly decision: 'other-depot' | 'kitchen' | 'kitchen-car'; readonly depot: Depot; readonly travelS: number; readonly missingMin: number }
  | { readonly decision: 'listed'; readonly missingMin: number };

/**
 * What happens to an order by the home radius: one-way travel time from the serving depot to the door, at most
 * `radiusS`. Whoever is 90 and over or a special senior is never just listed: the nearest other point with a crew
 * inside the radius, else the kitchen, else the kitchen's car, which carries heated boxes and knows no radius.
 * Without any of them the order is listed, and the missing minutes say so before departure.
 */
export function decideRadius(question: RadiusQuestion): RadiusAnswer {
  if (question.travelS <= question.radiusS) return { decision: 'inside' };
  const missingMin = Math.ceil((question.travelS - question.radiusS) / 60);
  if (!question.mustServe) return { decision: 'listed', missingMin };
  const near = (reach: DepotReach | null): reach is DepotReach => reach !== null && reach.hasCrew && reach.travelS <= question.radiusS;
  const nearest = question.otherPoints.filter(near)
    .sort((a, b) => a.travelS - b.travelS || (a.depot.id < b.depot.id ? -1 : 1))[0];
  if (nearest !== undefined) return { decision: 'other-depot', depot: nearest.depot, travelS: nearest.travelS, missingMin };
  const { kitchen, kitchenCar } = question;
  if (near(kitchen)) return { decision: 'kitchen', depot: kitchen.depot, travelS: kitchen.travelS, missingMin };
  if (kitchenCar?.hasCrew) return { decision: 'kitchen-car', depot: kitchenCar.depot, travelS: kitchenCar.travelS, missingMin };
  return { decision: 'listed', missingMin };
}
