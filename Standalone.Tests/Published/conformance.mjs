// node conformance.mjs <description.json> <world.json> store-away | all
// Drives the program that the world names through every operation of the description. Prints what was seen; fails with what was wrong.
import { readFileSync, writeFileSync } from 'node:fs';
import { Caller } from './caller.mjs';
import { Description } from './description.mjs';
import { chance } from './generate.mjs';
import * as stories from './stories.mjs';

/** What the description names and this product never answers, each with its reason. One that is seen all the same is a fault too. */
const NEVER = {
  'createSession 426': 'every command line is let in, of any version: there is nothing to upgrade to',
  'getTrace 502': 'traces are kept by the control plane itself: no other service stands in between that could fail',
  'proxyClonePost 200': 'no operation of the GitHub clone answers a POST with 200; what is made is 201',
};

/** Statuses that every operation of ours has besides those that the published description names for it, and why. */
const BESIDES = {
  400: 'a query, path or body that breaks its schema',
  403: 'a credential without the scope, or for another session',
  413: 'a body that is too large',
  422: 'an Idempotency-Key that was used for another request',
  429: 'a quota or a guard rail',
};

const [descriptionFile, worldFile, mode] = process.argv.slice(2);
const world = JSON.parse(readFileSync(worldFile, 'utf8'));
const caller = new Caller(new Description(JSON.parse(readFileSync(descriptionFile, 'utf8'))), world.url, {
  besides: BESIDES, refusal: { $ref: '#/components/schemas/ErrorResponse' },
});
const seed = Number(process.env.SEED ?? 20260301);
console.log(`seed ${seed}`);

if (mode === 'store-away') {
  await stories.withoutStore(caller, world);
  writeFileSync(worldFile, JSON.stringify({ ...world, seen: [...caller.seen] }));
} else {
  for (const story of ['catalogue', 'strangers', 'sessions', 'traces', 'runtime', 'generated', 'devices']) {
    // What broke off is told with what was wrong before it.
    await stories[story](caller, world, chance(seed)).catch(broken => caller.note(`${story}: ${broken.stack}`));
  }

  const seen = new Map([...world.seen, ...caller.seen]);
  for (const { operation, status } of caller.description.statuses()) {
    const name = `${operation.id} ${status}`;
    if (!seen.has(name) && !NEVER[name]) caller.note(`${name} was never answered`);
    if (seen.has(name) && NEVER[name]) caller.note(`${name} was answered, and is said never to be: ${NEVER[name]}`);
    console.log(`${name}: ${seen.get(name) ?? NEVER[name]}`);
  }
}

console.log(`${caller.calls} calls, ${caller.problems.length} problems`);
if (caller.problems.length > 0) {
  console.error(caller.problems.slice(0, 20).join('\n'));
  process.exitCode = 1;
}
