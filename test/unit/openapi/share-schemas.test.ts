import fc from 'fast-check';
import { shareSchemas } from '../../../src/infra/http/share-schemas.js';

type Json = Parameters<typeof shareSchemas>[0];

/** The document with every reference followed. */
function followed(value: unknown, schemas: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((one) => followed(one, schemas));
  if (typeof value !== 'object' || value === null) return value;
  const reference = (value as { $ref?: string }).$ref;
  if (reference !== undefined) return followed(schemas[reference.replace('#/components/schemas/', '')], schemas);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, followed(member, schemas)]));
}

const route = (schema: object): object => ({ get: { responses: { 200: { content: { 'application/json': { schema } } } } } });
const day = { type: 'string', format: 'date', pattern: `^${'[0-9]'.repeat(40)}$` };
const person = { type: 'object', properties: { name: { type: 'string' }, born: day, seen: day } };

describe('schemas that a description repeats', () => {
  it('are written once and referred to', () => {
    const { paths, schemas } = shareSchemas({ '/one': route(person), '/two': route({ type: 'array', items: person }) } as unknown as Json);
    expect(Object.keys(schemas)).toHaveLength(2);
    expect(JSON.stringify(paths).match(/\$ref/g)).toHaveLength(2);
    expect(JSON.stringify({ paths, schemas }).split(day.pattern)).toHaveLength(2);
  });

  it('need no name where they stand once, or only inside of another shared one', () => {
    const inner = { type: 'object', properties: { long: { type: 'string', pattern: 'x'.repeat(200) } } };
    const outer = { type: 'object', properties: { inner } };
    expect(shareSchemas({ '/one': route(outer) } as unknown as Json).schemas).toEqual({});
    expect(Object.keys(shareSchemas({ '/one': route(outer), '/two': route(outer) } as unknown as Json).schemas)).toHaveLength(1);
  });

  it('leave out the bounds that every integer has, and no others', () => {
    const bounded = { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
    const { paths } = shareSchemas({ '/one': route({ type: 'object', properties: { a: bounded, b: { ...bounded, minimum: 0 }, maximum: { type: 'string' } } }) } as unknown as Json);
    expect(paths).toEqual({ '/one': route({ type: 'object', properties: { a: { type: 'integer' }, b: { type: 'integer', minimum: 0 }, maximum: { type: 'string' } } }) });
  });

  it('say with references followed exactly what they said', () => {
    const leaf = fc.constantFrom<object>(day, { type: 'string' }, { type: 'integer', minimum: 0 }, { enum: ['a', 'b'] });
    const { schema } = fc.letrec<{ schema: object }>((tie) => ({
      schema: fc.oneof({ maxDepth: 4 }, leaf,
        fc.record({ type: fc.constant('object'), properties: fc.dictionary(fc.constantFrom('a', 'b', 'items', 'schema', 'properties'), tie('schema'), { maxKeys: 3 }) }),
        fc.record({ type: fc.constant('array'), items: tie('schema') }),
        fc.record({ anyOf: fc.array(tie('schema'), { maxLength: 3 }) })),
    }));
    fc.assert(fc.property(fc.array(schema, { minLength: 1, maxLength: 6 }), (many) => {
      const document = Object.fromEntries([...many, ...many].map((one, index) => [`/${index}`, route(one)]));
      const { paths, schemas } = shareSchemas(document as unknown as Json);
      expect(followed(paths, schemas)).toEqual(document);
    }));
  });
});
