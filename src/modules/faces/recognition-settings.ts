import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { FACE_MODEL_ID, recognitionSettings, type RecognitionSettings as Settings } from '../../contract/faces.js';
import { sha256Hex } from '../../infra/crypto/digest.js';

/** Where an installation keeps its own figures; JSON, any subset of the settings. Thresholds belong to a model: another one has figures of its own. */
const factOf = (modelId: string): string => (modelId === FACE_MODEL_ID ? 'face.recognition' : `face.recognition.${sha256Hex(modelId).slice(0, 16)}`);

/**
 * Figures for the model of this release where an installation has not measured its own people yet. On public photos
 * (21 people, three-photo templates against two-photo probes) 0.935 let no stranger through in 4,000 comparisons and
 * missed nobody in 420; so few people do not prove a small rate, hence the cautious 400 per million that the model
 * showed on a larger set (docs/adr: faces are stored apart). 50,000 per million bounds a gallery at 125 faces; beyond, digits.
 * The head turn is asked of everybody: a face pays by itself, and of the drawn pictures and films nothing but the turn stopped
 * more than a sixth (docs/FACES.md). A site that has seen how its own people fare with it may ask less.
 */
export const DEFAULT_RECOGNITION: Settings = {
  minSimilarity: 0.935,
  minMargin: 0.015,
  framesNeeded: 3,
  minQuality: 0.4,
  falseMatchPpm: 400,
  falseMatchTail: [],
  maxRiskPpm: 50_000,
  liveness: 'always',
};

/** How faces are decided here: data of the installation, never constants of the code that decides. */
@Injectable()
export class RecognitionSettings {
  constructor(private readonly dataSource: DataSource) {}

  async current(modelId: string = FACE_MODEL_ID): Promise<Settings> {
    const [fact] = await this.dataSource.query<{ value: string }[]>('SELECT value FROM installation_fact WHERE name = ?', [factOf(modelId)]);
    if (fact === undefined) return DEFAULT_RECOGNITION;
    const own = recognitionSettings.partial().parse(JSON.parse(fact.value));
    return recognitionSettings.parse({ ...DEFAULT_RECOGNITION, ...own });
  }

  /** Changes some of them; the others stay what they are. */
  async change(tx: EntityManager, modelId: string, some: Partial<Settings>): Promise<void> {
    const [fact] = await tx.query<{ value: string }[]>('SELECT value FROM installation_fact WHERE name = ? FOR UPDATE', [factOf(modelId)]);
    const own = fact === undefined ? {} : JSON.parse(fact.value) as Partial<Settings>;
    await tx.query('REPLACE INTO installation_fact (name, value) VALUES (?, ?)', [factOf(modelId), JSON.stringify({ ...own, ...some })]);
  }
}
