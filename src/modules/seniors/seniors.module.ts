import { Module } from '@nestjs/common';
import { SeniorDirectory } from './senior-directory.js';
import { SeniorHomes } from './senior-homes.js';

@Module({ providers: [SeniorDirectory, SeniorHomes], exports: [SeniorDirectory, SeniorHomes] })
export class SeniorsModule {}
