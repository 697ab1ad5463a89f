import { Module } from '@nestjs/common';
import { EditMenu } from './edit-menu.js';
import { MenuBook } from './menu-book.js';
import { MenuController } from './menu.controller.js';
import { MenuDirectory } from './menu-directory.js';
import { MenuScope } from './menu-scope.js';
import { WeighedMenu } from './weighed-menu.js';

@Module({ controllers: [MenuController], providers: [EditMenu, MenuBook, MenuDirectory, MenuScope, WeighedMenu], exports: [EditMenu, MenuBook, MenuDirectory, MenuScope, WeighedMenu] })
export class MenuModule {}
