import { Module } from '@nestjs/common';
import { MenuDirectory } from './menu-directory.js';

@Module({ providers: [MenuDirectory], exports: [MenuDirectory] })
export class MenuModule {}
