/** As much of JSON Schema (2020-12) as the schemas of this repository use; any other word throws. */

type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isRecord,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
};

type Rule = (wanted: never, value: unknown, schema: Fields, root: Fields) => boolean;

/** Whether it holds for what the word is about; anything else is none of its business. */
const onText = (test: (wanted: never, text: string) => boolean): Rule =>
  function rule(wanted, value) {
    return typeof value !== 'string' || test(wanted, value);
  };
const onNumber = (test: (wanted: number, number: number) => boolean): Rule =>
  function rule(wanted, value) {
    return typeof value !== 'number' || test(wanted, value);
  };

const RULES: Readonly<Record<string, Rule>> = {
  $ref: (path: string, value, _, root) => {
    const name = /^#\/\$defs\/(\w+)$/.exec(path)?.[1] ?? '';
    return isValid((root['$defs'] as Fields)[name], value, root);
  },
  type: (type: string, value) => TYPES[type]?.(value) === true,
  const: (wanted: unknown, value) => value === wanted,
  enum: (words: readonly unknown[], value) => words.includes(value),
  oneOf: (all: readonly unknown[], value, _, root) =>
    all.filter((schema) => isValid(schema, value, root)).length === 1,
  minimum: onNumber((least, value) => value >= least),
  maximum: onNumber((most, value) => value <= most),
  minLength: onText((least: number, value) => value.length >= least),
  maxLength: onText((most: number, value) => value.length <= most),
  pattern: onText((pattern: string, value) => new RegExp(pattern, 'u').test(value)),
  minItems: (least: number, value) => !Array.isArray(value) || value.length >= least,
  maxItems: (most: number, value) => !Array.isArray(value) || value.length <= most,
  items: (schema: unknown, value, _, root) =>
    !Array.isArray(value) || value.every((item) => isValid(schema, item, root)),
  properties: (schemas: Fields, value, _, root) =>
    !isRecord(value) ||
    Object.entries(schemas).every(
      ([key, schema]) => !Object.hasOwn(value, key) || isValid(schema, value[key], root),
    ),
  required: (keys: readonly string[], value) =>
    !isRecord(value) || keys.every((key) => Object.hasOwn(value, key)),
  additionalProperties: (_: boolean, value, schema) =>
    !isRecord(value) ||
    Object.keys(value).every((key) => Object.hasOwn(schema['properties'] as Fields, key)),
};
const WORDS_FOR_PEOPLE = ['$schema', '$defs', 'title', 'description'];

/** Whether `value` is what `schema` describes. @throws RangeError at a word it does not know. */
export function isValid(schema: unknown, value: unknown, root: Fields = schema as Fields): boolean {
  return Object.entries(schema as Fields).every(([word, wanted]) => {
    const rule = RULES[word];
    if (rule === undefined && !WORDS_FOR_PEOPLE.includes(word)) {
      throw new RangeError(`the schema says “${word}”, which is not understood here`);
    }
    return rule === undefined || rule(wanted as never, value, schema as Fields, root);
  });
}
