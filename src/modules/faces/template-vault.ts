import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { UnitVector } from '../../domain/identity/index.js';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import { Keyring } from '../../infra/crypto/keyring.js';
import { readDescriptor, writeDescriptor } from './descriptor-codec.js';

interface CipherRow { person_code: string; template_cipher: Buffer }

const PERSON_CODE_BYTES = 36;

/**
 * Templates under a key of their own that lies outside of database and data folder. The plaintext begins with the
 * person code: a row that is copied onto another person does not open as that person's. Not exported by this
 * capability: nothing outside of it ever holds an opened template.
 */
@Injectable()
export class TemplateVault {
  constructor(private readonly dataSource: DataSource, private readonly keyring: Keyring) {}

  /** The ciphertext to store and the id of the key that made it. */
  seal(personCode: string, template: UnitVector): { keyId: string; cipher: Buffer } {
    const plain = Buffer.concat([Buffer.from(personCode, 'ascii'), writeDescriptor(template)]);
    return { keyId: this.keyring.currentKeyId('face'), cipher: Buffer.from(this.keyring.seal('face', plain), 'ascii') };
  }

  /** The templates of these people by one model; people without one are missing from the answer. */
  async open(personCodes: readonly string[], where: { modelId: string; roamingOnly: boolean }): Promise<Map<string, UnitVector>> {
    if (personCodes.length === 0) return new Map();
    const rows = await this.dataSource.query<CipherRow[]>(
      `SELECT person_code, template_cipher FROM face_template
       WHERE model_id = ? AND template_cipher IS NOT NULL AND (? = 0 OR roaming = 1) AND person_code IN (${personCodes.map(() => '?').join(', ')})`,
      [where.modelId, where.roamingOnly ? 1 : 0, ...personCodes],
    );
    return new Map(rows.map((row) => [row.person_code, this.unseal(row.person_code, row.template_cipher)]));
  }

  /** One template as it is stored. @throws InvariantError where it lies under another person */
  unseal(personCode: string, cipher: Buffer): UnitVector {
    const plain = this.keyring.openBytes('face', cipher.toString('ascii'));
    if (plain.subarray(0, PERSON_CODE_BYTES).toString('ascii') !== personCode) {
      throw new InvariantError('a face template lies under another person');
    }
    return readDescriptor(plain.subarray(PERSON_CODE_BYTES));
  }
}
