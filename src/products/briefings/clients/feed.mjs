// What rss-parser makes of the feed in a file, as JSON.
import { readFileSync } from 'node:fs';
import Parser from 'rss-parser';

const feed = await new Parser().parseString(readFileSync(process.argv[2], 'utf8'));
console.log(JSON.stringify(feed));
