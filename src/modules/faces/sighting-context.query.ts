import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { modelComing, type GalleryContent, type RecognitionSettings } from '../../contract/faces.js';
import { chooseExpected, galleryRiskPpm } from '../../domain/identity/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { FaceModels } from './face-models.js';

/** Whoever was served at another point within this time can hardly stand here. */
const ELSEWHERE_MS = 15 * 60_000;
/** Who comes as a rule: on at least this many of the last days. */
const REGULAR_DAYS = 8;
const WITHIN_DAYS = 28;
/** Orders and habits of a point change slowly; kiosks ask every few seconds. */
const EXPECTED_FRESH_MS = 5 * 60_000;

type Context = Pick<GalleryContent, 'expected' | 'elsewhere' | 'invite'>;
interface Code { personCode: string }

/** What is known beside the picture: whom a point expects today, and who was seen at another one minutes ago. */
@Injectable()
export class SightingContextQuery {
  private readonly known = new Map<string, { untilMs: number; expected: string[] }>();

  constructor(private readonly dataSource: DataSource, private readonly clock: Clock, private readonly models: FaceModels) {}

  async of(pointId: string, modelId: string, settings: RecognitionSettings): Promise<Context> {
    const [expected, elsewhere, invite] = await Promise.all([this.expected(pointId, modelId, settings), this.elsewhere(pointId), this.invite(pointId)]);
    return { expected, elsewhere, invite };
  }

  /** Empty while the whole gallery keeps the bound: nobody's habits leave the server without need. */
  private async expected(pointId: string, modelId: string, settings: RecognitionSettings): Promise<string[]> {
    const nowMs = this.clock.now().getTime();
    const known = this.known.get(`${pointId} ${modelId}`);
    if (known !== undefined && nowMs < known.untilMs) return known.expected;
    const [size] = await this.dataSource.query<{ n: string | number }[]>(
      'SELECT COUNT(*) AS n FROM face_template WHERE point_id = ? AND model_id = ?', [pointId, modelId],
    );
    const small = galleryRiskPpm(Number(size?.n ?? 0), settings.falseMatchPpm) <= settings.maxRiskPpm;
    const expected = small ? [] : await this.ordersAndRegulars(pointId, modelId, settings);
    this.known.set(`${pointId} ${modelId}`, { untilMs: nowMs + EXPECTED_FRESH_MS, expected });
    return expected;
  }

  /** As many as the bound allows, of those who come: whose meal is brought home takes nobody's place. */
  private async ordersAndRegulars(pointId: string, modelId: string, settings: RecognitionSettings): Promise<string[]> {
    const today = this.clock.today();
    const rows = await this.dataSource.query<(Code & { ordered: number; days: string | number })[]>(
      `SELECT t.person_code AS personCode,
         EXISTS (SELECT 1 FROM meal_order o WHERE o.senior_id = s.id AND o.business_day = ? AND o.point_id = t.point_id AND o.fulfilment <> 'delivery' AND o.active = 1) AS ordered,
         (SELECT COUNT(DISTINCT m.business_day) FROM meal m WHERE m.senior_id = s.id AND m.point_id = t.point_id AND m.channel <> 'delivery' AND m.business_day >= DATE_SUB(?, INTERVAL ? DAY)) AS days
       FROM face_template t JOIN senior s ON s.person_code = t.person_code
       WHERE t.point_id = ? AND t.model_id = ? HAVING ordered = 1 OR days >= ?`,
      [today, today, WITHIN_DAYS, pointId, modelId, REGULAR_DAYS],
    );
    return chooseExpected(rows.map(({ personCode, ordered, days }) => ({ personCode, hasOrder: Number(ordered) === 1, days: Number(days) })), settings);
  }

  /** Whoever has a face here and none by the coming model. */
  private async invite(pointId: string): Promise<string[]> {
    const coming = modelComing(await this.models.all());
    if (coming === null) return [];
    const rows = await this.dataSource.query<Code[]>(
      `SELECT t.person_code AS personCode FROM face_template t WHERE t.point_id = ?
       GROUP BY t.person_code HAVING SUM(t.model_id = ?) = 0`, [pointId, coming.id],
    );
    return rows.map((row) => row.personCode);
  }

  private async elsewhere(pointId: string): Promise<string[]> {
    const rows = await this.dataSource.query<Code[]>(
      `SELECT DISTINCT t.person_code AS personCode FROM face_template t JOIN senior s ON s.person_code = t.person_code
       JOIN meal m ON m.senior_id = s.id AND m.business_day = ? LEFT JOIN meal_reversal r ON r.meal_id = m.id
       WHERE t.point_id = ? AND m.point_id <> ? AND m.channel <> 'delivery' AND m.device_id IS NOT NULL AND m.sold_at >= ? AND r.meal_id IS NULL`,
      [this.clock.today(), pointId, pointId, new Date(this.clock.now().getTime() - ELSEWHERE_MS)],
    );
    return rows.map((row) => row.personCode);
  }
}
