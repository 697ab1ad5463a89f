import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { InvariantError } from '../../domain/kernel/domain-error.js';
import { ACCESS_MARK } from './access.decorator.js';

/** Refuses to boot when a route does not say who may open it, so that a forgotten mark is found before the first request. */
@Injectable()
export class RouteMarks implements OnModuleInit {
  constructor(private readonly discovery: DiscoveryService, private readonly scanner: MetadataScanner) {}

  /** @throws InvariantError naming every route without an access mark */
  onModuleInit(): void {
    const unmarked = this.discovery.getControllers().flatMap(({ metatype }) => {
      const prototype = (metatype as { prototype?: object } | null)?.prototype;
      if (prototype === undefined) return [];
      return this.scanner.getAllMethodNames(prototype)
        .filter((name) => {
          const handler = (prototype as Record<string, unknown>)[name] as object;
          return Reflect.hasMetadata(PATH_METADATA, handler) && !Reflect.hasMetadata(ACCESS_MARK, handler);
        })
        .map((name) => `${metatype?.name ?? '?'}.${name}`);
    });
    if (unmarked.length > 0) throw new InvariantError(`routes without access mark: ${unmarked.join(', ')}`);
  }
}
