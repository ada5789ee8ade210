// Values made from a JSON Schema: those that hold to it, at its bounds and at random, and those that break one rule each.

/** A sequence of numbers in [0, 1) that a seed gives again (mulberry32). */
export const chance = seed => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

export const pick = (random, list) => list[Math.floor(random() * list.length)];

const TEXTS = ['x', 'Größe 東京 🦄', 'line\nline\t"quoted" \\ /', '', 'a'.repeat(200)];
const OF_TYPE = { string: 'text', integer: 7, number: 1.5, boolean: true, array: [], object: {}, null: null };

export class Generator {
  /** @param resolve follows a $ref   @param domain  property → the values that mean something where the schema says only "string" */
  constructor(resolve, random, domain = {}) {
    Object.assign(this, { resolve, random, domain });
  }

  /** Values at each bound of a schema; of an object, each optional property by itself, all together, and mixtures. */
  valid(schema, mixtures = 20) {
    schema = this.resolve(schema);
    switch ([schema.type].flat()[0]) {
      case 'boolean': return [true, false];
      case 'integer': return this.#integers(schema);
      case 'string': return this.#strings(schema);
      case 'array': return this.#arrays(schema);
      default: return this.#objects(schema, mixtures);
    }
  }

  /** [what is wrong, value]: each breaks one rule of the schema. */
  invalid(schema) {
    schema = this.resolve(schema);
    const types = [schema.type].flat();
    const wrong = Object.entries(OF_TYPE)
      .filter(([type]) => !types.includes(type) && !(type === 'integer' && types.includes('number')))
      .map(([type, value]) => [`it is ${type}`, value]);
    if (types.includes('integer')) wrong.push(['it is no whole number', 1.5]);
    if (schema.minimum !== undefined) wrong.push(['below the least', schema.minimum - 1]);
    if (schema.maximum !== undefined) wrong.push(['above the most', schema.maximum + 1]);
    if (schema.maxLength !== undefined) wrong.push(['too long', 'a'.repeat(schema.maxLength + 1)]);
    if (schema.enum) wrong.push(['none of the words', 'no such word']);
    if (schema.minItems) wrong.push(['too few items', []]);
    if (schema.items) wrong.push(...this.invalid(schema.items).map(([what, item]) => [`an item: ${what}`, [item]]));
    if (types.includes('object')) wrong.push(...this.#invalidObjects(schema));
    return wrong;
  }

  #integers({ minimum = -5, maximum = minimum + 10_000, default: usual }) {
    const some = Math.floor(minimum + this.random() * (maximum - minimum));
    return [...new Set([minimum, maximum, some, usual ?? some])];
  }

  #strings(schema) {
    if (schema.enum) return schema.enum;
    if (schema.format === 'date-time') return ['2026-01-31T12:00:00Z', '1999-12-31T23:59:59.999999+14:00'];
    return schema.maxLength === undefined ? TEXTS : ['a', 'a'.repeat(schema.maxLength)];
  }

  #arrays({ items, minItems = 0 }) {
    const one = this.valid(items);
    return [Array.from({ length: minItems }, () => one[0]), one.slice(0, Math.max(minItems, 3))];
  }

  #objects(schema, mixtures) {
    const values = Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, of]) => [name, this.domain[name] ?? this.valid(of, 2)]));
    const optional = Object.keys(values).filter(name => !schema.required?.includes(name));
    const with_ = (names, choose) => Object.fromEntries([...(schema.required ?? []), ...names].map(name => [name, choose(values[name])]));
    const random = list => pick(this.random, list);
    return [
      with_([], ([first]) => first),
      ...optional.flatMap(name => values[name].map(value => ({ ...with_([], ([first]) => first), [name]: value }))),
      with_(optional, ([first]) => first),
      ...Array.from({ length: mixtures }, () => with_(optional.filter(() => this.random() < 0.5), random)),
    ].map(value => this.#withOthers(schema, value));
  }

  #withOthers({ properties, additionalProperties }, value) {
    if (additionalProperties === true && this.random() < 0.8) return { ...value, [`x-${pick(this.random, TEXTS)}`]: this.#anything(3) };
    return !properties && additionalProperties?.type ? { [pick(this.random, ['github', 'other'])]: pick(this.random, this.valid(additionalProperties)) } : value;
  }

  #anything(depth) {
    const leaf = [null, true, 0, -1.5e10, 'Größe', ''];
    if (depth === 0 || this.random() < 0.4) return pick(this.random, leaf);
    return this.random() < 0.5 ? [this.#anything(depth - 1), this.#anything(depth - 1)] : { deeper: this.#anything(depth - 1), '': 1 };
  }

  #invalidObjects({ properties = {}, required = [], additionalProperties }) {
    const good = Object.fromEntries(required.map(name => [name, (this.domain[name] ?? this.valid(properties[name]))[0]]));
    return [
      ...required.map(name => [`without ${name}`, Object.fromEntries(Object.entries(good).filter(([key]) => key !== name))]),
      ...Object.entries(properties).flatMap(([name, of]) => this.invalid(of).map(([what, value]) => [`${name}: ${what}`, { ...good, [name]: value }])),
      ...(additionalProperties === false ? [['a property that there is not', { ...good, noSuchProperty: 1 }]] : []),
      ...(additionalProperties?.type ? this.invalid(additionalProperties).map(([what, value]) => [`a value: ${what}`, { github: value }]) : []),
    ];
  }
}
