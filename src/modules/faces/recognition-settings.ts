import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { recognitionSettings, type RecognitionSettings as Settings } from '../../contract/faces.js';

/** Where an installation keeps its own figures; JSON, any subset of the settings. */
const FACT = 'face.recognition';

/**
 * Figures for the model of this release where an installation has not measured its own people yet. The similarity
 * belongs to about 400 false matches per million comparisons on public photos (docs/adr: biometric storage).
 */
export const DEFAULT_RECOGNITION: Settings = {
  minSimilarity: 0.945,
  minMargin: 0.01,
  framesNeeded: 3,
  minQuality: 0.4,
  falseMatchPpm: 400,
  maxRiskPpm: 200_000,
};

/** How faces are decided here: data of the installation, never constants of the code that decides. */
@Injectable()
export class RecognitionSettings {
  constructor(private readonly dataSource: DataSource) {}

  async current(): Promise<Settings> {
    const [fact] = await this.dataSource.query<{ value: string }[]>('SELECT value FROM installation_fact WHERE name = ?', [FACT]);
    if (fact === undefined) return DEFAULT_RECOGNITION;
    const own = recognitionSettings.partial().parse(JSON.parse(fact.value));
    return recognitionSettings.parse({ ...DEFAULT_RECOGNITION, ...own });
  }
}
