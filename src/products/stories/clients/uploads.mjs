// Uploads of the AWS SDK by addresses that the server granted: uploads.mjs BASE TOKEN S3. Prints the file's id.
import assert from 'node:assert/strict';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const [base, token, s3] = process.argv.slice(2);
const settings = {
  endpoint: s3, region: 'eu-test-1', forcePathStyle: true, maxAttempts: 1,
  requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED',
  credentials: { accessKeyId: 'AKIDODEON', secretAccessKey: 'secret/of+the=test' },
};
const owner = new S3Client(settings);

async function grant(fileSize, mimeType = 'image/png') {
  const answer = await fetch(`${base}/api/files/upload`, {
    method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ fileName: 'me.png', mimeType, fileSize, category: 'avatar' }),
  });
  assert.equal(answer.status, 200);
  return answer.json();
}

// Puts `body` to where the grant says, with nothing of the SDK's own credentials.
function put(granted, body, type) {
  const url = new URL(granted.uploadUrl);
  const [, bucket, ...key] = decodeURIComponent(url.pathname).split('/');
  const client = new S3Client({ ...settings, signer: { sign: async (request) => request } });
  client.middlewareStack.add((next) => (args) => {
    Object.assign(args.request, { hostname: url.hostname, port: Number(url.port), path: url.pathname });
    args.request.query = Object.fromEntries(url.searchParams);
    for (const name of Object.keys(args.request.headers)) if (name.startsWith('x-amz-')) delete args.request.headers[name];
    return next(args);
  }, { step: 'finalizeRequest', priority: 'low', name: 'granted' });
  return client.send(new PutObjectCommand({ Bucket: bucket, Key: key.join('/'), Body: body, ContentType: type }))
    .then(() => ({ Bucket: bucket, Key: key.join('/') }));
}

const refused = (promise) => assert.rejects(promise, (failure) => failure.$metadata?.httpStatusCode === 403);
const picture = Buffer.from(process.env.PICTURE, 'base64');

const granted = await grant(picture.length);
assert.ok(granted.uploadUrl.startsWith(s3));
await refused(put(granted, picture.subarray(1), 'image/png'));
await refused(put(granted, Buffer.concat([picture, picture]), 'image/png'));
await refused(put(granted, picture, 'text/html'));
const elsewhere = { ...granted, uploadUrl: granted.uploadUrl.replace(/uploads\/[0-9a-f]/, 'uploads/z') };
await refused(put(elsewhere, picture, 'image/png'));
const where = await put(granted, picture, 'image/png');
const head = await owner.send(new HeadObjectCommand(where));
assert.deepEqual([head.ContentType, head.ContentLength], ['image/png', picture.length]);
const stored = await owner.send(new GetObjectCommand(where));
assert.deepEqual(Buffer.from(await stored.Body.transformToByteArray()), picture);

// An hour later it is of no use.
const late = await grant(picture.length);
await fetch(`${s3}/-/clock`, { method: 'PUT', body: String(Math.floor(Date.now() / 1000) + 3700) });
await refused(put(late, picture, 'image/png'));
await fetch(`${s3}/-/clock`, { method: 'PUT', body: String(Math.floor(Date.now() / 1000)) });
console.log(granted.id);
