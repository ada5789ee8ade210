// node own.mjs <world.json>
// Drives the program through every operation of its own description: each answer has a status, an error code and a body that it names.
import { readFileSync } from 'node:fs';
import { Caller } from './caller.mjs';
import { Description } from './description.mjs';
import { chance } from './generate.mjs';
import * as stories from './own-stories.mjs';

/** What is never called with success, each with its reason. */
const NEVER = { evictGateway: 'there is one gateway here, and it answers this test' };

const world = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const caller = new Caller(new Description(await (await fetch(new URL('/openapi/v1.json', world.url))).json()), world.url, { codes: true });
const seed = Number(process.env.SEED ?? 20260301);
console.log(`seed ${seed}`);
for (const story of ['examples', 'asMeant', 'amiss']) {
  // What broke off is told with what was wrong before it.
  await stories[story](caller, world, chance(seed)).catch(broken => caller.note(`${story}: ${broken.stack}`));
}

for (const { operation, status } of caller.description.statuses()) {
  const name = `${operation.id} ${status || '2XX'}`;
  console.log(`${name}: ${caller.seen.get(name) ?? 'not provoked here'}`);
  if (status < 300 && !caller.seen.has(name) && !NEVER[operation.id]) caller.note(`${name} was never answered`);
}

console.log(`${caller.calls} calls, ${caller.problems.length} problems`);
if (caller.problems.length > 0) {
  console.error(caller.problems.slice(0, 20).join('\n'));
  process.exitCode = 1;
}
