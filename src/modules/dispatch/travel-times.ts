import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { BusinessDay } from '../../domain/kernel/business-day.js';
import {
  buildRoadGraph, closeRoads, RoadGraphTravelTimes, StraightLineTravelTimes, type RoadBlock, type RoadGraph, type TravelTimeProvider,
} from '../../domain/routing/index.js';
import { AppConfig } from '../../infra/config/app-config.js';
import { mapServiceOf } from '../../infra/maps/map-service-of.js';
import { ServiceTravelTimes, type MapService } from '../../infra/maps/map-service.js';
import { DepotDirectory } from '../sites/index.js';

const pair = z.tuple([z.number(), z.number()]);
const edge = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const storedGraph = z.object({ datum: z.string(), nodes: z.array(pair), edges: z.array(edge) });

/** A street's roads as they are used on a day. */
export interface StreetRoads {
  /** What plans are made with; a map service where one is set up and no road is blocked. */
  readonly provider: TravelTimeProvider;
  /** Never leaves the house: for what is reckoned inside a transaction or while somebody waits. */
  readonly own: TravelTimeProvider;
  /** null where only straight lines are known. */
  readonly graph: RoadGraph | null;
  readonly source: string;
}

interface Known { readonly graphId: string; readonly graph: RoadGraph; readonly source: string; closed: { readonly key: string; readonly graph: RoadGraph } | null }

/**
 * Travel times of each street: its own road graph without the roads that are blocked on the day, or the flagged straight line
 * where it has none. A map service, where one is set up, is asked instead, except on days with blocked roads, of which it
 * knows nothing.
 */
@Injectable()
export class TravelTimes {
  private readonly logger = new Logger(TravelTimes.name);
  private readonly byStreet = new Map<string, Known>();
  private readonly service: MapService | null;

  constructor(private readonly depots: DepotDirectory, private readonly dataSource: DataSource, config: AppConfig) {
    this.service = mapServiceOf(config.maps);
  }

  /** Reads and packs a graph once; a newer graph of the street replaces it. */
  async of(streetId: string, day: BusinessDay): Promise<StreetRoads> {
    const known = await this.known(streetId);
    const blocks = await this.blocks(streetId, day);
    const graph = known === null || blocks.length === 0 ? known?.graph ?? null : this.without(known, blocks);
    const source = known?.source ?? 'straight-line';
    const own = graph === null ? new StraightLineTravelTimes() : new RoadGraphTravelTimes(graph, source);
    if (this.service === null || blocks.length > 0) return { provider: own, own, graph, source };
    const failed = (service: string, cause: string): void => { this.logger.warn({ msg: 'map service did not answer; the own roads stand in', service, cause }); };
    return { provider: new ServiceTravelTimes(this.service, own, failed), own, graph, source: this.service.name };
  }

  private async known(streetId: string): Promise<Known | null> {
    const newest = await this.depots.roadGraph(streetId);
    if (newest === null) return null;
    const known = this.byStreet.get(streetId);
    if (known?.graphId === newest.id) return known;
    const graph = buildRoadGraph(storedGraph.parse(JSON.parse(await this.depots.roadGraphText(newest.id))));
    const read: Known = { graphId: newest.id, graph, source: newest.source.slice(0, 40), closed: null };
    this.byStreet.set(streetId, read);
    this.logger.log({ msg: 'road graph loaded', nodes: graph.nodeCount, edges: graph.edgeCount });
    return read;
  }

  private async blocks(streetId: string, day: BusinessDay): Promise<RoadBlock[]> {
    return this.dataSource.query<RoadBlock[]>(
      `SELECT latitude, longitude, radius_m AS radiusM FROM road_block
       WHERE street_id = ? AND lifted_at IS NULL AND from_day <= ? AND (to_day IS NULL OR to_day >= ?) ORDER BY id`, [streetId, day, day],
    );
  }

  /** The last closing of a street is kept: plans of one evening ask for the same day again and again. */
  private without(known: Known, blocks: readonly RoadBlock[]): RoadGraph {
    const key = JSON.stringify(blocks);
    if (known.closed?.key !== key) known.closed = { key, graph: closeRoads(known.graph, blocks).graph };
    return known.closed.graph;
  }
}
