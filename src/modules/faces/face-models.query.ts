import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { modelComing, modelInUse, type FaceModelsAnswer, type MissingFacesAnswer, type MissingFacesQuery } from '../../contract/faces.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { scopeFilter } from '../../infra/http/scope-filter.js';
import { FaceModels } from './face-models.js';
import { FormerFaceTerm } from './former-face-term.js';
import { RecognitionSettings } from './recognition-settings.js';

const COLUMNS = { streetId: 'c.street_id', communityId: 'c.id', pointId: 'p.id' } as const;

/** How far the capture with the coming model has got, inside the scope of the member of staff. */
@Injectable()
export class FaceModelsQuery {
  constructor(
    private readonly dataSource: DataSource, private readonly models: FaceModels, private readonly settings: RecognitionSettings, private readonly term: FormerFaceTerm,
  ) {}

  async progress(staff: Pick<StaffIdentity, 'scopeKind' | 'scopeId'>): Promise<FaceModelsAnswer> {
    const [models, leastShare] = await Promise.all([this.models.all(), this.models.leastShare()]);
    const scope = scopeFilter(staff, COLUMNS);
    const rows = await this.dataSource.query<{ pointId: string; pointName: string; people: string | number; withComing: string | number }[]>(
      `SELECT p.id AS pointId, p.name AS pointName, COUNT(DISTINCT t.person_code) AS people, COUNT(DISTINCT IF(t.model_id = ?, t.person_code, NULL)) AS withComing
       FROM point p JOIN community c ON c.id = p.community_id JOIN face_template t ON t.point_id = p.id WHERE ${scope.sql} GROUP BY p.id, p.name, p.code ORDER BY p.code`,
      [modelComing(models)?.id ?? '', ...scope.params],
    );
    const points = rows.map((row) => ({ ...row, people: Number(row.people), withComing: Number(row.withComing) }));
    const { liveness, maxRiskPpm } = await this.settings.current(modelInUse(models).id);
    return {
      models, liveness, maxRiskPpm, leastShare, points,
      formerFaceDays: staff.scopeKind === 'street' ? await this.term.ofStreet(staff.scopeId) : null,
      people: points.reduce((sum, point) => sum + point.people, 0), withComing: points.reduce((sum, point) => sum + point.withComing, 0),
    };
  }

  /** Of the whole installation: nobody's kiosk is switched by the figures of one street. */
  async whole(): Promise<{ people: number; withComing: number }> {
    const coming = modelComing(await this.models.all());
    const [row] = await this.dataSource.query<{ people: string | number; withComing: string | number | null }[]>(
      'SELECT COUNT(DISTINCT person_code) AS people, COUNT(DISTINCT IF(model_id = ?, person_code, NULL)) AS withComing FROM face_template', [coming?.id ?? ''],
    );
    return { people: Number(row?.people ?? 0), withComing: Number(row?.withComing ?? 0) };
  }

  /** Who is to be invited: those who came last first, because they will come next. Nobody while no model is coming. */
  async missing(query: MissingFacesQuery, staff: Pick<StaffIdentity, 'scopeKind' | 'scopeId'>): Promise<MissingFacesAnswer> {
    const models = await this.models.all();
    const coming = modelComing(models);
    if (coming === null) return { rows: [], total: 0, page: query.page, size: query.size };
    const scope = scopeFilter(staff, COLUMNS);
    const among = query.pointId === undefined ? '' : 'AND p.id = ?';
    const from = `FROM face_template t JOIN senior s ON s.person_code = t.person_code JOIN point p ON p.id = t.point_id JOIN community c ON c.id = p.community_id
      WHERE t.model_id = ? AND NOT EXISTS (SELECT 1 FROM face_template n WHERE n.person_code = t.person_code AND n.model_id = ?) AND ${scope.sql} ${among}`;
    const params = [modelInUse(models).id, coming.id, ...scope.params, ...(query.pointId === undefined ? [] : [query.pointId])];
    const [count] = await this.dataSource.query<{ n: string | number }[]>(`SELECT COUNT(*) AS n ${from}`, params);
    const rows = await this.dataSource.query<{ seniorId: string; name: string; pointName: string; lastMealOn: string | null }[]>(
      `SELECT s.id AS seniorId, s.name, p.name AS pointName, (SELECT MAX(m.business_day) FROM meal m WHERE m.senior_id = s.id) AS lastMealOn
       ${from} ORDER BY lastMealOn IS NULL, lastMealOn DESC, s.id LIMIT ? OFFSET ?`, [...params, query.size, (query.page - 1) * query.size],
    );
    return { rows, total: Number(count?.n ?? 0), page: query.page, size: query.size };
  }
}
