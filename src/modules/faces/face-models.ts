import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FACE_DESCRIPTOR_LENGTH, FACE_MODEL_ID, faceModels, type FaceModels as Models } from '../../contract/faces.js';
import { DomainError } from '../../domain/kernel/domain-error.js';

/** Where an installation names its embedders; JSON, see faceModels. */
const FACT = 'face.models';

const BUNDLED: Models = [{ id: FACE_MODEL_ID, length: FACE_DESCRIPTOR_LENGTH }];

/** The embedders whose templates are taken here; while people are captured again, the former one beside the current. */
@Injectable()
export class FaceModels {
  constructor(private readonly dataSource: DataSource) {}

  async all(): Promise<Models> {
    const [fact] = await this.dataSource.query<{ value: string }[]>('SELECT value FROM installation_fact WHERE name = ?', [FACT]);
    return fact === undefined ? BUNDLED : faceModels.parse(JSON.parse(fact.value));
  }

  /** @throws DomainError FACE.MODEL_UNKNOWN for a model that is not, or no longer, in use here */
  async require(modelId: string): Promise<Models[number]> {
    const model = (await this.all()).find((one) => one.id === modelId);
    if (model === undefined) throw new DomainError('FACE.MODEL_UNKNOWN', 'invalid');
    return model;
  }
}
