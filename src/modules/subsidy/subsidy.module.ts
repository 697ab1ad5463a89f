import { Module } from '@nestjs/common';
import { PolicyBook } from './policy-book.js';

@Module({ providers: [PolicyBook], exports: [PolicyBook] })
export class SubsidyModule {}
