import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PointRatingsAnswer, RatingFace, RatingReason } from '../../contract/ratings.js';
import type { BusinessDay } from '../../domain/kernel/business-day.js';

/** The marks of one day at one point, counted. */
@Injectable()
export class PointRatings {
  constructor(private readonly dataSource: DataSource) {}

  async of(pointId: string, day: BusinessDay): Promise<PointRatingsAnswer> {
    const rows = await this.dataSource.query<{ face: RatingFace; reason: RatingReason | null; n: string | number }[]>(
      'SELECT face, reason, COUNT(*) AS n FROM meal_rating WHERE point_id = ? AND business_day = ? GROUP BY face, reason', [pointId, day],
    );
    const answer = { day, faces: { good: 0, fair: 0, bad: 0 }, reasons: { salty: 0, cold: 0, hard: 0, other: 0 } };
    for (const { face, reason, n } of rows) {
      answer.faces[face] += Number(n);
      if (reason !== null) answer.reasons[reason] += Number(n);
    }
    return answer;
  }
}
