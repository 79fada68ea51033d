// Uploads by tus-js-client over connections that break: tus.mjs BASE TOKEN PODCAST
// Prints JSON: for each upload that was finished its address and the SHA-256 of what was sent.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import net from 'node:net';
import { Readable } from 'node:stream';
import { Upload } from 'tus-js-client';

const [base, token, podcast] = process.argv.slice(2);
const target = new URL(base);
const done = [];

// Passes bytes on, and cuts each of the first `cuts` connections that send after as many as it is told.
function flakyProxy(cuts, after) {
  let left = cuts;
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(target.port), target.hostname);
    let sent = 0;
    client.on('data', (bytes) => {
      sent += bytes.length;
      if (left > 0 && sent > after) {
        left -= 1;
        upstream.end(bytes.subarray(0, bytes.length / 2));
        client.destroy();
        return;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => client.write(bytes));
    client.on('end', () => upstream.end());
    upstream.on('end', () => client.end());
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({ url: `http://127.0.0.1:${server.address().port}`, cuts: () => cuts - left, close: () => server.close() }));
  });
}

function options(url, title, more = {}) {
  return {
    endpoint: `${url}/podcasts/api/upload/tus`,
    headers: { Authorization: `Bearer ${token}` },
    metadata: { podcast_id: podcast, title, filename: `${title}.wav`, filetype: 'audio/wav' },
    retryDelays: Array(12).fill(50),
    ...more,
  };
}

// Resolves with the finished upload; `offsets` has where each request for more bytes began.
function run(source, settings, offsets = []) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(source, {
      ...settings,
      onBeforeRequest: (request) => {
        if (request.getMethod() === 'PATCH') offsets.push(Number(request.getHeader('Upload-Offset')));
      },
      onSuccess: () => resolve(upload),
      onError: reject,
    });
    upload.start();
  });
}

function note(upload, bytes) {
  done.push({ path: new URL(upload.url).pathname, sha256: createHash('sha256').update(bytes).digest('hex') });
}

// A connection that breaks again and again.
{
  const bytes = randomBytes(12_000_000);
  const proxy = await flakyProxy(5, 1_500_000);
  const offsets = [];
  const upload = await run(bytes, options(proxy.url, 'broken'), offsets);
  assert.equal(proxy.cuts(), 5);
  // Who returns before the server knows that they were away may be told the old offset.
  for (let i = 1; i < offsets.length; ++i) assert.ok(offsets[i] >= offsets[i - 1], `went back: ${offsets}`);
  assert.ok(offsets.at(-1) > 0, `began anew: ${offsets}`);
  note(upload, bytes);
  proxy.close();
}

// A stream whose length nobody knows before its end, in chunks.
{
  const bytes = randomBytes(1_200_000);
  const stream = Readable.from([bytes.subarray(0, 500_000), bytes.subarray(500_000)]);
  const upload = await run(stream, options(base, 'live', { uploadLengthDeferred: true, chunkSize: 300_000 }));
  note(upload, bytes);
}

// The first bytes come with the request that begins it.
{
  const bytes = randomBytes(100_000);
  note(await run(bytes, options(base, 'at once', { uploadDataDuringCreation: true })), bytes);
}

// Left, and gone on with by another client that knows its address.
{
  const bytes = randomBytes(900_000);
  const url = await new Promise((resolve, reject) => {
    const upload = new Upload(bytes, options(base, 'left', {
      chunkSize: 300_000,
      onChunkComplete: () => upload.abort().then(() => resolve(upload.url)),
      onError: reject,
    }));
    upload.start();
  });
  const offsets = [];
  note(await run(bytes, options(base, 'left', { uploadUrl: url }), offsets), bytes);
  assert.deepEqual(offsets, [300_000]);
}

// Thrown away.
{
  const url = await new Promise((resolve, reject) => {
    const upload = new Upload(randomBytes(600_000), options(base, 'thrown away', {
      chunkSize: 300_000,
      onChunkComplete: () => resolve(upload.abort(true).then(() => upload.url)),
      onError: reject,
    }));
    upload.start();
  });
  const seen = await fetch(url, {
    method: 'HEAD', headers: { Authorization: `Bearer ${token}`, 'Tus-Resumable': '1.0.0' },
  });
  assert.equal(seen.status, 404);
}

console.log(JSON.stringify(done));
