import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ImpostorsRequest } from '../../contract/faces.js';
import { Clock } from '../../infra/clock/clock.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { FaceModels } from './face-models.js';

/** Keeps what a device has counted in its gallery: the newest count of each point and model. */
@Injectable()
export class NoteImpostors {
  constructor(private readonly dataSource: DataSource, private readonly models: FaceModels, private readonly clock: Clock) {}

  /** @throws DomainError FACE.MODEL_UNKNOWN */
  async execute(device: DeviceIdentity, { modelId, people, counts, similarities }: ImpostorsRequest): Promise<{ noted: true }> {
    await this.models.require(modelId);
    await this.dataSource.query(
      'REPLACE INTO impostor_measure (point_id, model_id, device_id, people, counts, similarities, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      [device.pointId, modelId, device.deviceId, people, JSON.stringify(counts), similarities === undefined ? null : JSON.stringify(similarities), this.clock.now()],
    );
    return { noted: true };
  }
}
