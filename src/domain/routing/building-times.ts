/** A door of a building: where it lies and what is handed over there; `extraS` beyond the usual (a wheelchair, a slow walk to the door). */
export interface BuildingDoor {
  readonly floor: number;
  readonly hasLift: boolean;
  readonly boxes: number;
  readonly extraS: number;
}

export interface BuildingTimes {
  /** From the kerb up to the first door. */
  readonly climbS: number;
  /** From standing at the first door until back down at the kerb. */
  readonly doorS: number;
  /** From standing at the first door until standing at each, in the order given. */
  readonly afterS: readonly number[];
}

/** Seconds at a door, for each further box, for a floor on foot and for a lift. */
export interface StairTimes { readonly doorS: number; readonly extraBoxS: number; readonly stairS: number; readonly liftS: number }

/** Times of doors of one building that are served in one go, in this order: the crew parks once and climbs once. */
export function buildingTimes(doors: readonly BuildingDoor[], settings: StairTimes): BuildingTimes {
  const afterS: number[] = [];
  let clockS = 0;
  doors.forEach((door, index) => {
    if (index > 0) clockS += between(doors[index - 1], door, settings);
    afterS.push(clockS);
    clockS += settings.doorS + (door.boxes - 1) * settings.extraBoxS + door.extraS;
  });
  const [first] = doors;
  const last = doors[doors.length - 1];
  return { climbS: between(GROUND, first, settings), doorS: clockS + between(last, GROUND, settings), afterS };
}

/** A door with its building, for stops that stand alone: what is served in one go is known from their order. */
export interface DoorOfBuilding {
  /** Doors with the same key are served in one go when they follow each other. */
  readonly key: string;
  readonly floor: number;
  readonly hasLift: boolean;
  /** Boxes that one go may carry. */
  readonly goBoxes: number;
  readonly stairs: Pick<StairTimes, 'stairS' | 'liftS'>;
}

const GROUND = { floor: 1, hasLift: true };

/**
 * Times of stops in this order where doors of one building that follow each other are served in one go: the crew goes from door to
 * door and comes down after the last.
 */
export function inOneGo<S extends { readonly boxes: number; readonly climbS: number; readonly doorS: number; readonly building?: DoorOfBuilding }>(stops: readonly S[]): S[] {
  const joined: S[] = [];
  let carried = 0;
  stops.forEach((stop, index) => {
    const [here, before] = [stop.building, stops[index - 1]?.building];
    const last = joined.at(-1);
    const goesOn = here !== undefined && before !== undefined && last !== undefined && here.key === before.key && carried + stop.boxes <= here.goBoxes;
    carried = goesOn ? carried + stop.boxes : stop.boxes;
    if (goesOn) joined[index - 1] = { ...last, doorS: last.doorS - between(before, GROUND, before.stairs) };
    joined.push(goesOn ? { ...stop, climbS: between(before, here, here.stairs) } : stop);
  });
  return joined;
}

/** A lift costs the same for every floor; without one each floor is walked. */
function between(from: Pick<BuildingDoor, 'floor' | 'hasLift'>, to: Pick<BuildingDoor, 'floor' | 'hasLift'>, settings: Pick<StairTimes, 'stairS' | 'liftS'>): number {
  const floors = Math.abs(level(to.floor) - level(from.floor));
  if (floors === 0) return 0;
  return from.hasLift && to.hasLift ? settings.liftS : floors * settings.stairS;
}

/** Floor 1 is at street level; there is no floor 0. */
function level(floor: number): number {
  return floor > 0 ? floor - 1 : floor;
}
