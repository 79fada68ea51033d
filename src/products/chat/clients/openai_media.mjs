// What a program does with OpenAI's official SDK where it is not talk, against Odeon: node openai_media.mjs BASE_URL KEY
// POOR_KEY BROKE_KEY, as openai.mjs has them. ffprobe judges the sound.
// Prints "ok" at the end; the first thing that is not as it should be ends it with status 1.
import assert from "node:assert/strict";
import { File } from "node:buffer";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import OpenAI, { toFile } from "openai";

globalThis.File ??= File;  // Debian 12 has Node 18

const [base, key, poorKey, brokeKey] = process.argv.slice(2);
const clientOf = (apiKey) => new OpenAI({ baseURL: `${base}/chat/v1`, apiKey, maxRetries: 0 });
const client = clientOf(key);

async function fails(promise, kind, expected) {
  const error = await promise.then(() => assert.fail("this should have failed"), (thrown) => thrown);
  assert.ok(error instanceof kind, `${error.constructor.name}: ${error.message}`);
  for (const [name, value] of Object.entries(expected)) assert.equal(error[name], value, `${name} of ${error.message}`);
  return error;
}

const folder = mkdtempSync(path.join(tmpdir(), "odeon-speech-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

function probe(bytes) {
  const file = path.join(folder, "sound");
  writeFileSync(file, bytes);
  const { format, streams } = JSON.parse(
    execFileSync("ffprobe", ["-v", "error", "-of", "json", "-show_format", "-show_streams", file]),
  );
  return { seconds: Number(format.duration), codec: streams[0].codec_name, rate: streams[0].sample_rate };
}

// Embeddings: the SDK asks for base64 unless it is told otherwise.
const input = ["Hello", "Good morning"];
const packed = await client.embeddings.create({ model: "vectors", input });
assert.deepEqual(packed.data.map((each) => Array.from(each.embedding)), [[5, 0.25, 0.25], [12, 0.25, 0.25]]);
assert.equal(packed.usage.prompt_tokens, 4);
const plain = await client.embeddings.create({ model: "vectors", input, encoding_format: "float" });
assert.deepEqual(plain.data.map((each) => each.embedding), [[5, 0.25, 0.25], [12, 0.25, 0.25]]);
const short = await client.embeddings.create({ model: "vectors", input: "Hello", dimensions: 2 });
assert.equal(short.data[0].embedding.length, 2);
await fails(client.embeddings.create({ model: "vectors", input: [15339, 1917] }), OpenAI.BadRequestError, { param: "input[0]" });

// Speech.
const words = { model: "voice", voice: "alloy", input: "Good morning." };
for (const [response_format, codec, rate] of [["mp3", "mp3", "24000"], ["wav", "pcm_s16le", "24000"],
  ["flac", "flac", "24000"], ["aac", "aac", "24000"], ["opus", "opus", "48000"]]) {
  const answer = await client.audio.speech.create({ ...words, response_format });
  const found = probe(Buffer.from(await answer.arrayBuffer()));
  assert.equal(found.codec, codec);
  assert.equal(found.rate, rate);
  // It counts an MP3 by its frames of 24 ms, with what they add at both ends, and guesses at AAC's by its rate.
  assert.ok(codec === "aac" || Math.abs(found.seconds - 0.5) < 0.08, `${response_format}: ${found.seconds}`);
}
const raw = await client.audio.speech.create({ ...words, response_format: "pcm" });
assert.equal((await raw.arrayBuffer()).byteLength, 24000);
let streamed = Buffer.alloc(0);
for (const event of await events(await client.audio.speech.create({ ...words, response_format: "pcm", stream_format: "sse" })))
  if (event.type === "speech.audio.delta") streamed = Buffer.concat([streamed, Buffer.from(event.audio, "base64")]);
assert.equal(streamed.length, 24000);
await fails(client.audio.speech.create({ ...words, voice: "nobody" }), OpenAI.BadRequestError, { param: "voice" });

async function events(response) {
  const lines = (await response.text()).split("\n").filter((line) => line.startsWith("data: "));
  return lines.map((line) => JSON.parse(line.slice(6)));
}

// Transcriptions of what was spoken before.
const sound = await (await client.audio.speech.create({ ...words, response_format: "wav" })).arrayBuffer();
const file = () => toFile(sound, "speech.wav");
const hear = async (more) => client.audio.transcriptions.create({ model: "ears", file: await file(), ...more });
assert.equal((await hear({})).text, "Good morning. It rains.");
const timed = await hear({ response_format: "verbose_json", timestamp_granularities: ["word", "segment"] });
assert.equal(timed.duration, 2);
assert.deepEqual(timed.words.map((each) => each.word), ["Good", "morning.", "It", "rains."]);
assert.deepEqual(timed.segments.map((each) => [each.id, each.start, each.end]), [[0, 0, 0.9], [1, 1.2, 2]]);
assert.match(await hear({ response_format: "srt" }), /^1\n00:00:00,000 --> 00:00:00,900\nGood morning\.\n\n2\n/);
assert.match(await hear({ response_format: "vtt" }), /^WEBVTT\n\n00:00:00\.000 --> 00:00:00\.900\nGood morning\.\n\n/);
assert.equal((await hear({ response_format: "text" })).trim(), "Good morning. It rains.");
let heard = "";
let end;
for await (const event of await hear({ stream: true }))
  if (event.type === "transcript.text.delta") heard += event.delta;
  else end = event;
assert.equal(heard, "Good morning. It rains.");
assert.equal(end.type, "transcript.text.done");
assert.equal(end.text, heard);
await fails(hear({ model: "plain-ears", response_format: "srt" }), OpenAI.BadRequestError, { param: "response_format" });
await fails(hear({ file: await toFile(Buffer.from("Once upon a time"), "speech.wav") }), OpenAI.BadRequestError, { param: "file" });
await fails(hear({ file: await toFile(Buffer.alloc(25 * 1024 * 1024 + 1, "x"), "speech.wav") }), OpenAI.APIError, { status: 413 });

// Pictures.
const drawn = await client.images.generate({ model: "brush", prompt: "A cat", n: 2, size: "1024x1536" });
assert.deepEqual(drawn.data.map((each) => Buffer.from(each.b64_json, "base64").toString("latin1")), ["\x89PNG0", "\x89PNG1"]);
assert.ok(drawn.created > 0);
await fails(client.images.generate({ model: "brush", prompt: "A cat", style: "natural" }), OpenAI.BadRequestError, { param: "style" });
const linked = await client.images.generate({ model: "brush", prompt: "A cat", response_format: "url" });
assert.equal(await (await fetch(linked.data[0].url)).blob().then((blob) => blob.type), "image/png");

// Failures.
const asks = {
  vectors: (by, model) => by.embeddings.create({ model, input }),
  voice: (by, model) => by.audio.speech.create({ ...words, model }),
  ears: async (by, model) => by.audio.transcriptions.create({ model, file: await file() }),
  brush: (by, model) => by.images.generate({ model, prompt: "A cat" }),
};
for (const [model, ask] of Object.entries(asks)) {
  await fails(ask(clientOf("sk-wrong"), model), OpenAI.AuthenticationError, { status: 401, code: "invalid_api_key" });
  await fails(ask(clientOf(poorKey), model), OpenAI.PermissionDeniedError, { status: 403, code: "upgrade_required" });
  await fails(ask(clientOf(brokeKey), model), OpenAI.APIError, { status: 402, type: "insufficient_quota" });
  await fails(ask(client, "none"), OpenAI.NotFoundError, { status: 404, code: "model_not_found" });
  const away = await fails(ask(client, `frail-${model}`), OpenAI.InternalServerError, { status: 503 });
  assert.ok(away.headers.get("retry-after"));
}

console.log("ok");
