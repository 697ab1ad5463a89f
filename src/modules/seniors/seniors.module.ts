import { Module } from '@nestjs/common';
import { SeniorDirectory } from './senior-directory.js';

@Module({ providers: [SeniorDirectory], exports: [SeniorDirectory] })
export class SeniorsModule {}
