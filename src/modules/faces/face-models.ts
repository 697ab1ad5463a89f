import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { FACE_DESCRIPTOR_LENGTH, FACE_MODEL_ID, faceModels, type FaceModel, type FaceModels as Models } from '../../contract/faces.js';
import { DomainError } from '../../domain/kernel/domain-error.js';

/** Where an installation names its embedders, and the share of people without whom none is replaced; JSON. */
const FACT = 'face.models';
const SHARE_FACT = 'face.models.leastShare';
const BUNDLED: Models = [{ id: FACE_MODEL_ID, length: FACE_DESCRIPTOR_LENGTH, state: 'in-use' }];
/** Of those with a face, the share that must have one by the next model before kiosks change to it. */
const DEFAULT_LEAST_SHARE = 0.9;

/** The embedders whose templates are taken here; while people are captured again, the former one beside the current. */
@Injectable()
export class FaceModels {
  constructor(private readonly dataSource: DataSource) {}

  async all(tx: EntityManager = this.dataSource.manager): Promise<Models> {
    const [fact] = await tx.query<{ value: string }[]>('SELECT value FROM installation_fact WHERE name = ?', [FACT]);
    return fact === undefined ? BUNDLED : faceModels.parse(JSON.parse(fact.value));
  }

  async leastShare(): Promise<number> {
    const [fact] = await this.dataSource.query<{ value: string }[]>('SELECT value FROM installation_fact WHERE name = ?', [SHARE_FACT]);
    return fact === undefined ? DEFAULT_LEAST_SHARE : z.coerce.number().parse(fact.value);
  }

  async keep(tx: EntityManager, models: Models, leastShare?: number): Promise<void> {
    await tx.query('REPLACE INTO installation_fact (name, value) VALUES (?, ?)', [FACT, JSON.stringify(models)]);
    if (leastShare !== undefined) await tx.query('REPLACE INTO installation_fact (name, value) VALUES (?, ?)', [SHARE_FACT, String(leastShare)]);
  }

  /** @throws DomainError FACE.MODEL_UNKNOWN for a model that is not, or no longer, in use here */
  async require(modelId: string): Promise<FaceModel> {
    const model = (await this.all()).find((one) => one.id === modelId);
    if (model === undefined) throw new DomainError('FACE.MODEL_UNKNOWN', 'invalid');
    return model;
  }
}
