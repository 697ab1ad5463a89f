import { sha256Hex } from '../crypto/digest.js';

/** Below this many characters a reference is hardly shorter than what it stands for. */
const WORTH = 64;
const NAME_DIGITS = 10;

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Schemas without the bounds that every integer of JSON has anyway: they say nothing and are most of the numbers in the document. */
function withoutSafeBounds(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutSafeBounds);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value)
    .filter(([name, member]) => !((name === 'maximum' && member === Number.MAX_SAFE_INTEGER) || (name === 'minimum' && member === Number.MIN_SAFE_INTEGER)))
    .map(([name, member]) => [name, withoutSafeBounds(member)]));
}

/**
 * Writes each schema that an API description repeats once, below components.schemas, and refers to it from the others
 * (OpenAPI 3.0, Reference Object). Bounds that every integer has are left out; nothing else changes: with its references followed the document says what it said.
 * Names are digests of content, so that a change elsewhere renames nothing.
 *
 * @param described the paths of the document
 * @returns the paths with references, and the schemas by name, in the order of names
 */
export function shareSchemas(described: JsonObject): { paths: JsonObject; schemas: JsonObject } {
  const paths = withoutSafeBounds(described) as JsonObject;
  const counts = new Map<string, number>();
  visitSchemas(paths, (schema) => { countIn(schema, counts); });
  const schemas = new Map<string, Json>();
  const shared = replaceSchemas(paths, (schema) => share(schema, 1, counts, schemas)) as JsonObject;
  return { paths: shared, schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Every schema stands below a member called `schema`. */
function visitSchemas(value: Json, visit: (schema: Json) => void): void {
  if (Array.isArray(value)) for (const one of value as readonly Json[]) visitSchemas(one, visit);
  else if (isObject(value)) for (const [name, member] of Object.entries(value)) if (name === 'schema') visit(member); else visitSchemas(member, visit);
}

function replaceSchemas(value: Json, replace: (schema: Json) => Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => replaceSchemas(one, replace));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, name === 'schema' ? replace(member) : replaceSchemas(member, replace)]));
}

interface Group {
  readonly parts: readonly Json[];
  /** The member of the schema that holds these parts, with others in their places. */
  readonly put: (parts: readonly Json[]) => JsonObject;
}

/** The schemas directly inside of a schema, by the member that holds them. */
function inner(schema: JsonObject): Group[] {
  const lists = ['anyOf', 'oneOf', 'allOf'].filter((name) => Array.isArray(schema[name]));
  const groups: Group[] = lists.map((name) => ({
    parts: schema[name] as readonly Json[], put: (parts) => ({ [name]: parts }),
  }));
  for (const name of ['items', 'additionalProperties', 'not']) {
    if (isObject(schema[name])) groups.push({ parts: [schema[name]], put: ([part]) => ({ [name]: part ?? null }) });
  }
  const { properties } = schema;
  if (isObject(properties)) {
    const names = Object.keys(properties);
    groups.push({ parts: Object.values(properties), put: (parts) => ({ properties: Object.fromEntries(names.map((name, index) => [name, parts[index] ?? null])) }) });
  }
  return groups;
}

function countIn(schema: Json, counts: Map<string, number>): void {
  if (!isObject(schema)) return;
  const text = JSON.stringify(schema);
  counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const { parts } of inner(schema)) for (const part of parts) countIn(part, counts);
}

/** @param within how often the nearest shared schema around this one stands: what only stands inside of it needs no name */
function share(schema: Json, within: number, counts: ReadonlyMap<string, number>, schemas: Map<string, Json>): Json {
  if (!isObject(schema)) return schema;
  const text = JSON.stringify(schema);
  const count = counts.get(text) ?? 1;
  const named = count > within && text.length >= WORTH;
  const inside = named ? count : within;
  const rewritten = (): Json => inner(schema).reduce<JsonObject>(
    (whole, { parts, put }) => ({ ...whole, ...put(parts.map((part) => share(part, inside, counts, schemas))) }), schema,
  );
  if (!named) return rewritten();
  const name = `S${sha256Hex(text).slice(0, NAME_DIGITS)}`;
  if (!schemas.has(name)) schemas.set(name, rewritten());
  return { $ref: `#/components/schemas/${name}` };
}
