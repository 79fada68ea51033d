// What podcast-partytime makes of the feed in a file, as JSON: feed.mjs FILE
import { readFileSync } from 'node:fs';
import partytime from 'podcast-partytime';

console.log(JSON.stringify(partytime.parseFeed(readFileSync(process.argv[2], 'utf8'))));
