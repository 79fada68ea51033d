// s3rver behind a front that is as strict as the real thing where s3rver is not: signatures (by aws4, which
// knows nothing of our signer), hashes of payloads, declared lengths, expiry, sizes of parts, conditional
// reads, empty ranges, uploads given up; and one request at a time, so that a reader never sees half a put.
//
// usage: server.js FOLDER   keeps the objects of the bucket "bucket" there; prints "listening on PORT".
// PUT /-/clock with seconds since 1970 in its body sets the server's time.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const path = require('path');
const aws4 = require('aws4');
const S3rver = require('s3rver');

const folder = process.argv[2];
const bucket = 'bucket', region = 'eu-test-1', accessKeyId = 'AKIDODEON', secretAccessKey = 'secret/of+the=test';
const minPart = 5 * 1024 * 1024;
let now = Number(process.env.ODEON_NOW) * 1000 || Date.now();

class Refusal extends Error {
  constructor(status, code) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

const timeOf = (stamp) => Date.parse((stamp || '').replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
const same = (a, b) => a.length === b.length && crypto.timingSafeEqual(Buffer.from(a), Buffer.from(b));

function checkCredential(credential, stamp) {
  const [key, day, where, service, end] = credential.split('/');
  if (key !== accessKeyId) throw new Refusal(403, 'InvalidAccessKeyId');
  if (day !== stamp.slice(0, 8) || where !== region || service !== 's3' || end !== 'aws4_request')
    throw new Refusal(400, 'AuthorizationHeaderMalformed');
}

// Those that the client says it signed; it must have signed all that matter.
function signedHeaders(request, names, needed) {
  for (const name of Object.keys(request.headers))
    if (name.startsWith('x-amz-')) needed.push(name);
  for (const name of needed)
    if (!names.includes(name)) throw new Refusal(403, 'AccessDenied');
  return Object.fromEntries(names.map((name) => [name, request.headers[name] || '']));
}

function checkHeader(request, body) {
  const parts = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    request.headers.authorization);
  if (!parts) throw new Refusal(400, 'AuthorizationHeaderMalformed');
  const stamp = request.headers['x-amz-date'];
  if (!(Math.abs(timeOf(stamp) - now) <= 15 * 60 * 1000)) throw new Refusal(403, 'RequestTimeTooSkewed');
  checkCredential(parts[1], stamp);
  const headers = signedHeaders(request, parts[2].split(';'), ['host']);
  const expected = aws4.sign({ service: 's3', region, method: request.method, path: request.url, headers },
    { accessKeyId, secretAccessKey });
  if (!same(expected.headers.Authorization.slice(-64), parts[3])) throw new Refusal(403, 'SignatureDoesNotMatch');
  if (crypto.createHash('sha256').update(body).digest('hex') !== request.headers['x-amz-content-sha256'])
    throw new Refusal(400, 'XAmzContentSHA256Mismatch');
}

function checkQuery(request, query) {
  const stamp = query.get('X-Amz-Date'), lifetime = Number(query.get('X-Amz-Expires'));
  checkCredential(query.get('X-Amz-Credential') || '', stamp || '');
  if (!(lifetime >= 1 && lifetime <= 604800)) throw new Refusal(400, 'AuthorizationQueryParametersError');
  if (!(now < timeOf(stamp) + lifetime * 1000 && timeOf(stamp) <= now + 15 * 60 * 1000))
    throw new Refusal(403, 'AccessDenied');
  const headers = signedHeaders(request, (query.get('X-Amz-SignedHeaders') || '').split(';'), ['host']);
  const unsigned = request.url.replace(/&X-Amz-Signature=[^&]*/, '');
  const expected = aws4.sign({ service: 's3', region, signQuery: true, method: request.method, path: unsigned, headers },
    { accessKeyId, secretAccessKey });
  const made = new URLSearchParams(expected.path.split('?')[1]).get('X-Amz-Signature');
  if (!same(made, query.get('X-Amz-Signature') || '')) throw new Refusal(403, 'SignatureDoesNotMatch');
}

function check(request, query, body) {
  if (request.method === 'PUT' && request.headers['content-length'] === undefined)
    throw new Refusal(411, 'MissingContentLength');
  if (request.headers.authorization) checkHeader(request, body);
  else if (query.has('X-Amz-Algorithm')) checkQuery(request, query);
  else throw new Refusal(403, 'AccessDenied');
}

const readAll = (stream) => new Promise((resolve, reject) => {
  const pieces = [];
  stream.on('data', (piece) => pieces.push(piece));
  stream.on('end', () => resolve(Buffer.concat(pieces)));
  stream.on('error', reject);
  stream.on('close', () => reject(new Error('cut off')));
});

// What s3rver says, which knows of no signatures.
function forward(port, request, url, body) {
  const headers = { ...request.headers, 'content-length': body.length };
  for (const name of ['authorization', 'x-amz-date', 'x-amz-content-sha256', 'if-match', 'connection']) delete headers[name];
  if (request.method === 'GET' || request.method === 'HEAD') delete headers['content-length'];
  return new Promise((resolve, reject) => {
    const sent = http.request({ port, host: '127.0.0.1', method: request.method, path: url, headers }, (answer) =>
      readAll(answer).then((bytes) => resolve({ status: answer.statusCode, headers: answer.headers, body: bytes }), reject));
    sent.on('error', reject);
    sent.end(body);
  });
}

const uploads = path.join(folder, bucket, '._S3rver_uploads');

function checkParts(query, body) {
  const upload = path.join(uploads, query.get('uploadId'));
  if (!fs.existsSync(upload)) throw new Refusal(404, 'NoSuchUpload');
  const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map((found) => found[1]);
  const sizes = numbers.map((number) => fs.statSync(path.join(upload, number)).size);
  if (sizes.slice(0, -1).some((size) => size < minPart)) throw new Refusal(400, 'EntityTooSmall');
}

// s3rver walks folders, so its order is not that of keys, and its pages miss some.
async function list(port, request, address, query) {
  const size = Number(query.get('max-keys')), after = query.get('start-after') || '';
  query.set('max-keys', '1000');
  query.delete('start-after');
  const reply = await forward(port, request, `${address}?${query}`, Buffer.alloc(0));
  const entries = [...reply.body.toString().matchAll(/<Contents>.*?<Key>(.*?)<\/Key>.*?<\/Contents>/gs)]
    .map((found) => ({ text: found[0], key: decodeURIComponent(found[1]) }))
    .filter((entry) => entry.key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const page = entries.slice(0, size).map((entry) => entry.text).join('');
  if (reply.status === 200)
    reply.body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult>` +
      `<EncodingType>url</EncodingType><IsTruncated>${entries.length > size}</IsTruncated>${page}</ListBucketResult>`);
  return reply;
}

async function answer(port, request, body) {
  if (request.url === '/-/clock') {
    now = Number(body.toString()) * 1000;
    return { status: 200, headers: {}, body: Buffer.alloc(0) };
  }
  const [address, text] = request.url.split('?');
  const query = new URLSearchParams(text || '');
  check(request, query, body);
  for (const name of [...query.keys()]) if (name.startsWith('X-Amz-')) query.delete(name);
  if (request.method === 'POST' && query.has('uploadId')) checkParts(query, body);
  if (request.method === 'DELETE' && query.has('uploadId')) {
    fs.rmSync(path.join(uploads, query.get('uploadId')), { recursive: true });
    return { status: 204, headers: {}, body: Buffer.alloc(0) };
  }
  if (request.method === 'GET' && query.has('list-type')) return list(port, request, address, query);
  if (request.method === 'GET' && request.headers.range) {
    const head = await forward(port, { method: 'HEAD', headers: { host: request.headers.host } }, address, Buffer.alloc(0));
    if (head.headers['content-length'] === '0') throw new Refusal(416, 'InvalidRange');
  }
  const rest = query.toString().replace(/=(&|$)/g, '$1');
  const reply = await forward(port, request, rest ? `${address}?${rest}` : address, body);
  const wanted = request.headers['if-match'];
  if (wanted && reply.status < 300 && wanted !== reply.headers.etag) throw new Refusal(412, 'PreconditionFailed');
  return reply;
}

async function main() {
  const inner = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: folder, vhostBuckets: false,
    configureBuckets: [{ name: bucket }] });
  const { port } = await inner.run();
  let turn = Promise.resolve();
  const front = http.createServer((request, response) => {
    const handle = async (body) => {
      let reply;
      try {
        reply = await answer(port, request, body);
      } catch (failure) {
        const code = failure.code && failure.status ? failure.code : 'InternalError';
        if (code === 'InternalError') console.error(failure);
        reply = { status: failure.status || 500, headers: { 'content-type': 'application/xml' },
          body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`) };
      }
      for (const name of ['connection', 'transfer-encoding', 'keep-alive']) delete reply.headers[name];
      const length = request.method === 'HEAD' ? reply.headers['content-length'] : reply.body.length;
      response.writeHead(reply.status, { ...reply.headers, ...(length === undefined ? {} : { 'content-length': length }) });
      response.end(request.method === 'HEAD' ? undefined : reply.body);
    };
    readAll(request).then((body) => { turn = turn.then(() => handle(body)); }, () => {});
  });
  front.listen(0, '127.0.0.1', () => console.log(`listening on ${front.address().port}`));
}

main();
