// Calls a fetch handler once, as an edge runtime does: node worker-host.mjs <module>. The environment is its env.
import { pathToFileURL } from 'node:url';

const { default: handler } = await import(pathToFileURL(process.argv[2]));
const response = await handler.fetch(new Request('https://worker.example/'), process.env);
console.log(await response.text());
process.exitCode = response.ok ? 0 : 1;
