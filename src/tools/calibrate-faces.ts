import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LEAST_PEOPLE_FOR_RATES } from '../domain/identity/index.js';
import { configFromEnvironment } from '../infra/config/environment.js';
import { InfraModule } from '../infra/infra.module.js';
import { AuditModule } from '../modules/audit/index.js';
import { CalibrateRates, FacesModule } from '../modules/faces/index.js';

/**
 * `calibrate:faces` shows how often different people of this installation come near each other, as its devices have
 * counted, with an upper bound by leaving out one person at a time; `-- --apply` makes decisions rest on it. The last line
 * is one JSON object. Exit code 1 where there are too few people.
 */
async function calibrate(): Promise<void> {
  const { values } = parseArgs({ options: { apply: { type: 'boolean', default: false } } });
  @Module({ imports: [InfraModule.forRoot(configFromEnvironment()), AuditModule, FacesModule] })
  class CalibrationToolModule {}
  const app = await NestFactory.createApplicationContext(CalibrationToolModule, { logger: ['error'] });
  try {
    const found = await app.get(CalibrateRates).execute(values.apply);
    console.log(`model ${found.modelId}: ${found.people} people at ${found.points} points, ${found.pairs} pairs of different people`);
    const { leftOut } = found;
    if (leftOut.people > 0) console.log(`left out: ${leftOut.people} people at ${leftOut.points} points, whose kiosks have counted above this model's threshold alone; they count anew the day after their page is of this release`);
    for (const { similarity, falseMatchPpm } of found.tail) console.log(`similarity ${similarity.toFixed(3)}: at most ${falseMatchPpm} false matches per million (95 %)`);
    console.log(`risk in the largest gallery (${found.largestGallery} people), at the threshold and half-way above: ${found.riskBeforePpm.join(' and ')} per million before, ${found.riskAfterPpm.join(' and ')} after`);
    const least = Math.min(...found.tail.map(({ falseMatchPpm }) => falseMatchPpm));
    if (found.enough && least >= found.statedPpm) console.log(`nothing is gained: the ${found.statedPpm} per million stated for this model count as before; measured is no less`);
    if ((found.tail[0]?.falseMatchPpm ?? 0) > found.statedPpm) console.log(`at the threshold up to ${found.tail[0]?.falseMatchPpm} per million cannot be ruled out, more than the ${found.statedPpm} stated for this model: measure more people, or state more`);
    if (!found.enough) {
      console.log(`fewer than ${LEAST_PEOPLE_FOR_RATES} people: the cautious figure stays`);
      process.exitCode = 1;
    }
    console.log(JSON.stringify(found));
  } finally {
    await app.close();
  }
}

await calibrate();
