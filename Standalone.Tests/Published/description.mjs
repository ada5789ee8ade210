// An OpenAPI description as a judge: which answers an operation may give, and whether one that came holds to it.
import Ajv2020 from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export class Description {
  constructor(document) {
    this.document = document;
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    formats(this.ajv);
    this.ajv.addSchema(document, 'description');
    this.operations = Object.entries(document.paths).flatMap(([path, item]) => METHODS.filter(method => item[method]).map(method => ({
      ...item[method],
      id: item[method].operationId,
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map(parameter => this.resolve(parameter)),
    })));
  }

  /** Follows a reference within the document. */
  resolve = part => {
    while (part.$ref) part = part.$ref.split('/').slice(1).reduce((at, name) => at[name.replaceAll('~1', '/').replaceAll('~0', '~')], this.document);
    return part;
  };

  operation(id) {
    return this.operations.find(operation => operation.id === id) ?? (() => { throw new Error(`The description has no operation ${id}.`); })();
  }

  bodySchema({ requestBody }) {
    return requestBody && this.resolve(requestBody).content['application/json']?.schema;
  }

  /** What is wrong with a value by a schema of the description; an empty list: nothing. */
  faults(schema, value) {
    // The schema is compiled where its own references lead into the document.
    const check = this.ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"description#/')));
    return check(value) ? [] : check.errors.map(fault => `${fault.instancePath || 'it'} ${fault.message}`);
  }

  /** The schema of the body that an operation answers with a status; null: it says none; undefined: it does not name the status. */
  answer(operation, status) {
    const response = operation.responses[status];
    return response && (this.resolve(response).content?.['application/json']?.schema ?? null);
  }

  /** Whether an answer is of a type beside JSON that the description names for it. */
  isOther(operation, status, type) {
    const content = operation.responses[status] && this.resolve(operation.responses[status]).content;
    return Object.keys(content ?? {}).some(one => one !== 'application/json' && type?.startsWith(one));
  }

  /** The error codes that the description names for a status. */
  codes(operation, status) {
    return [...(this.resolve(operation.responses[status] ?? {}).description ?? '').matchAll(/`([a-z_]+)`/g)].map(([, code]) => code);
  }

  *statuses() {
    for (const operation of this.operations) for (const status of Object.keys(operation.responses)) yield { operation, status: Number(status) };
  }
}
