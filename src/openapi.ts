import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { shareSchemas } from './infra/http/share-schemas.js';

/** The description of the API, made from the routes and their schemas. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const frame = new DocumentBuilder()
    .setTitle('热乎饭 Rehufan')
    .setDescription('Meals for the seniors of a subdistrict: people, points, kitchen, deliveries, money. Money is integer fen, days are dates in Asia/Shanghai, instants are UTC.')
    .setVersion('1')
    .addCookieAuth('__Host-rehufan', { type: 'apiKey', in: 'cookie' }, 'session')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'x-device-signature' }, 'device')
    .build();
  const document = SwaggerModule.createDocument(app, frame);
  const { paths, schemas } = shareSchemas(JSON.parse(JSON.stringify(document.paths)) as Parameters<typeof shareSchemas>[0]);
  for (const operation of Object.values(paths as OpenAPIObject['paths']).flatMap((path) => Object.values(path) as { responses?: Record<string, object> }[])) {
    if (operation.responses !== undefined) operation.responses['default'] = { $ref: '#/components/responses/Refusal' };
  }
  const responses = { Refusal: { description: 'A refusal: code, wording in Chinese and English, request id' } };
  return { ...document, paths: paths as OpenAPIObject['paths'], components: { ...document.components, responses, schemas: { ...document.components?.schemas, ...schemas as Record<string, object> } } };
}

/** Serves the description: a page at /api/docs, the document at /api/docs-json. */
export function serveApiDescription(app: INestApplication): void {
  SwaggerModule.setup('api/docs', app, () => describeApi(app), { customSiteTitle: '热乎饭 API' });
}
