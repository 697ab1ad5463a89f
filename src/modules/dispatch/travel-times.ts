import { Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import {
  buildRoadGraph, RoadGraphTravelTimes, StraightLineTravelTimes, type RoadGraph, type TravelTimeProvider,
} from '../../domain/routing/index.js';
import { DepotDirectory } from '../sites/index.js';

const pair = z.tuple([z.number(), z.number()]);
const edge = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const storedGraph = z.object({ datum: z.string(), nodes: z.array(pair), edges: z.array(edge) });

/** A street's roads as they are used now. */
export interface StreetRoads {
  readonly provider: TravelTimeProvider;
  /** null where only straight lines are known. */
  readonly graph: RoadGraph | null;
  readonly source: string;
}

/** Travel times of each street: its own road graph, or the flagged straight line where it has none. */
@Injectable()
export class TravelTimes {
  private readonly logger = new Logger(TravelTimes.name);
  private readonly byStreet = new Map<string, { graphId: string; roads: StreetRoads }>();

  constructor(private readonly depots: DepotDirectory) {}

  /** Reads and packs a graph once; a newer graph of the street replaces it. */
  async of(streetId: string): Promise<StreetRoads> {
    const newest = await this.depots.roadGraph(streetId);
    if (newest === null) return { provider: new StraightLineTravelTimes(), graph: null, source: 'straight-line' };
    const known = this.byStreet.get(streetId);
    if (known?.graphId === newest.id) return known.roads;
    const source = newest.source.slice(0, 40);
    const graph = buildRoadGraph(storedGraph.parse(JSON.parse(await this.depots.roadGraphText(newest.id))));
    const roads = { provider: new RoadGraphTravelTimes(graph, source), graph, source };
    this.byStreet.set(streetId, { graphId: newest.id, roads });
    this.logger.log({ msg: 'road graph loaded', nodes: graph.nodeCount, edges: graph.edgeCount });
    return roads;
  }
}
