/** What went wrong, to what, and who says so. */
export class ArchalError extends Error {
  constructor(message, { status = null, code, source, requestId = null, detail = null, retryAfterSeconds = null, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ArchalError';
    this.status = status;
    this.code = code;
    this.source = source;
    this.requestId = requestId;
    this.detail = detail;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Gives a good answer back, and throws what the clone said otherwise. */
export async function ensureOk(response) {
  if (response.ok) {
    return response;
  }

  throw await cloneError(response);
}

/** The gateway's refusal: its envelope is `{error, code, message, detail}`. */
export async function gatewayError(response, what) {
  const body = await envelope(response);
  const code = response.headers.get('x-route-error') ?? body.code ?? `http_${response.status}`;
  const requestId = response.headers.get('x-archal-request-id');
  const said = body.message ?? body.error ?? 'It gave no reason.';
  return new ArchalError(`${what}: ${response.status} ${code} from the gateway. ${said}${requestId ? ` (request ${requestId})` : ''}`, {
    status: response.status, code, source: 'gateway', requestId, detail: body.detail ?? null, retryAfterSeconds: retryAfter(response),
  });
}

async function cloneError(response) {
  const body = await envelope(response);
  const said = typeof body.message === 'string' ? ` It said: ${body.message}.` : '';
  const hint = response.status === 401 ? " Send the service's own credential as Authorization; the clone takes any." : '';
  return new ArchalError(`${response.url}: ${response.status} from the clone itself.${said}${hint}`, {
    status: response.status, code: `http_${response.status}`, source: 'clone', detail: body, retryAfterSeconds: retryAfter(response),
  });
}

/** The body as an object; an empty one where it is something else, for then the status has to speak. */
async function envelope(response) {
  try {
    const body = JSON.parse(await response.text());
    return typeof body === 'object' && body !== null ? body : {};
  } catch (failure) {
    if (failure instanceof SyntaxError) {
      return {};
    }

    throw failure;
  }
}

function retryAfter(response) {
  const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return Number.isNaN(seconds) ? null : seconds;
}
