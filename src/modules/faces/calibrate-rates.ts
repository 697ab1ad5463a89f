import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { modelInUse } from '../../contract/faces.js';
import {
  countsAt, falseMatchPpmAt, galleryRiskPpm, LEAST_PEOPLE_FOR_RATES, measuredFrom, MEASURED_SIMILARITIES, ratesOfGalleries, type FalseMatchPoint, type ImpostorCounts,
} from '../../domain/identity/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import { AuditTrail } from '../audit/index.js';
import { FaceModels } from './face-models.js';
import { RecognitionSettings } from './recognition-settings.js';

/**
 * What a calibration found. Risks: of the largest gallery, of a match at the threshold and of one half-way from there to likeness, in parts per million.
 * `leftOut`: counted from a similarity above the threshold, as a kiosk of before does for any other model than the shipped one; they say nothing of it.
 * `statedPpm`: the rate at the threshold that was stated for the model, and that counts where nothing smaller was measured.
 */
export interface Calibration {
  readonly modelId: string;
  readonly points: number;
  readonly leftOut: { readonly points: number; readonly people: number };
  readonly statedPpm: number;
  readonly people: number;
  readonly pairs: number;
  readonly enough: boolean;
  readonly tail: readonly FalseMatchPoint[];
  readonly largestGallery: number;
  readonly riskBeforePpm: readonly [atThreshold: number, above: number];
  readonly riskAfterPpm: readonly [atThreshold: number, above: number];
  readonly applied: boolean;
}

/** Counts older than this say little of who is enrolled now. */
const FRESH_DAYS = 60;

/** Fills `falseMatchTail` from what the devices have counted among a site's own people. Run by the command `calibrate:faces`. */
@Injectable()
export class CalibrateRates {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly settings: RecognitionSettings,
    private readonly models: FaceModels, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @param apply write the rates into the settings; with too few people nothing is written */
  async execute(apply: boolean): Promise<Calibration> {
    const modelId = modelInUse(await this.models.all()).id;
    const now = await this.settings.current(modelId);
    const similarities = measuredFrom(now.minSimilarity);
    const counted = await this.counted(modelId);
    const galleries = counted.flatMap(({ own, ...gallery }) => countsAt(gallery, own, similarities) ?? []);
    const people = sumOf(galleries);
    const enough = people >= LEAST_PEOPLE_FOR_RATES;
    const tail = enough ? ratesOfGalleries(galleries, similarities) : [];
    const largestGallery = Math.max(0, ...galleries.map((gallery) => gallery.people));
    const risk = (falseMatchTail: readonly FalseMatchPoint[]): [number, number] => {
      const rates = { ...now, falseMatchTail };
      return [now.minSimilarity, (1 + now.minSimilarity) / 2].map((similarity) => galleryRiskPpm(largestGallery, falseMatchPpmAt(rates, similarity))) as [number, number];
    };
    const calibration: Calibration = {
      modelId, points: galleries.length, leftOut: { points: counted.length - galleries.length, people: sumOf(counted) - people }, statedPpm: now.falseMatchPpm, people, pairs: galleries.reduce((sum, gallery) => sum + (gallery.people * (gallery.people - 1)) / 2, 0), enough, tail, largestGallery,
      riskBeforePpm: risk(now.falseMatchTail), riskAfterPpm: risk(enough ? tail : now.falseMatchTail), applied: apply && enough,
    };
    if (calibration.applied) await this.keep(calibration);
    return calibration;
  }

  private async counted(modelId: string): Promise<(ImpostorCounts & { own: readonly number[] })[]> {
    const rows = await this.dataSource.query<{ people: number; counts: string; similarities: string | null }[]>(
      'SELECT people, counts, similarities FROM impostor_measure WHERE model_id = ? AND at >= ? ORDER BY point_id', [modelId, new Date(this.clock.now().getTime() - FRESH_DAYS * 86_400_000)],
    );
    return rows.map(({ people, counts, similarities }) => (
      { people: Number(people), counts: JSON.parse(counts) as number[][], own: similarities === null ? MEASURED_SIMILARITIES : JSON.parse(similarities) as number[] }
    ));
  }

  private async keep(calibration: Calibration): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await this.settings.change(tx, calibration.modelId, { falseMatchTail: [...calibration.tail] });
      const { modelId, points, people, pairs, largestGallery } = calibration;
      await this.audit.record({
        actorKind: 'system', actorId: null, action: 'face.rates-calibrated', objectKind: 'face-model', objectId: modelId.slice(0, 36), outcome: 'done',
        detail: {
          points, people, pairs, largestGallery, riskBeforePpm: calibration.riskBeforePpm.join(' '), riskAfterPpm: calibration.riskAfterPpm.join(' '),
          tail: calibration.tail.map(({ similarity, falseMatchPpm }) => `${similarity}:${falseMatchPpm}`).join(' '),
        },
      }, tx);
    });
  }
}

const sumOf = (galleries: readonly ImpostorCounts[]): number => galleries.reduce((sum, { people }) => sum + people, 0);
