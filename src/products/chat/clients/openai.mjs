// What a program does with OpenAI's official SDK, against Odeon: node openai.mjs BASE_URL KEY POOR_KEY BROKE_KEY
// POOR_KEY is of someone whose plan has no API, BROKE_KEY of someone who has spent their budget.
// Prints "ok" at the end; the first thing that is not as it should be ends it with status 1.
import assert from "node:assert/strict";
import OpenAI from "openai";

const [base, key, poorKey, brokeKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${base}/chat/v1`, apiKey: key, maxRetries: 0 });
const model = "small";
const says = (content) => ({ model, messages: [{ role: "user", content }] });

async function fails(promise, kind, expected) {
  const error = await promise.then(() => assert.fail("this should have failed"), (thrown) => thrown);
  assert.ok(error instanceof kind, `${error.constructor.name}: ${error.message}`);
  for (const [name, value] of Object.entries(expected)) assert.equal(error[name], value, `${name} of ${error.message}`);
  return error;
}

// Models.
const models = [];
for await (const each of client.models.list()) models.push(each);
assert.deepEqual(models.map((each) => each.id).slice(0, 4), ["small", "plain", "frail", "vectors"]);
assert.equal(models[0].object, "model");
assert.equal((await client.models.retrieve("little")).id, "small");
assert.equal((await client.models.retrieve("a/one")).owned_by, "a");
await fails(client.models.retrieve("none"), OpenAI.NotFoundError, { status: 404, code: "model_not_found" });

// At once.
const { data: answer, response } = await client.chat.completions.create(says("hello")).withResponse();
assert.equal(answer.object, "chat.completion");
assert.match(answer.id, /^chatcmpl-/);
assert.equal(answer.model, "small");
assert.equal(answer.choices[0].message.content, "Good morning.");
assert.equal(answer.choices[0].finish_reason, "stop");
assert.equal(answer.usage.total_tokens, 14);
assert.ok(answer._request_id);
assert.equal(response.headers.get("x-ratelimit-limit-requests"), "1200");
assert.ok(response.headers.get("x-ratelimit-remaining-requests"));

// While it is written.
let text = "";
let usage;
const chunks = await client.chat.completions.create({ ...says("hello"), stream: true, stream_options: { include_usage: true } });
for await (const chunk of chunks) {
  text += chunk.choices[0]?.delta.content ?? "";
  usage = chunk.usage ?? usage;
}
assert.equal(text, "Good morning.");
assert.equal(usage.completion_tokens, 4);
assert.equal(usage.prompt_tokens_details.cached_tokens, 3);

// Tools, by the helper that calls them, both ways.
const tools = [
  {
    type: "function",
    function: {
      name: "weather",
      description: "How warm it is",
      parse: JSON.parse,
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      function: ({ city }) => `7 degrees in ${city}`,
    },
  },
];
for (const stream of [false, true]) {
  const called = [];
  const runner = client.chat.completions.runTools({ ...says("How warm is it?"), tools, stream });
  runner.on("functionToolCall", (call) => called.push(call.arguments));
  assert.equal(await runner.finalContent(), "It is 7 degrees in Oslo and 7 degrees in Rome.");
  assert.deepEqual(called.map((each) => JSON.parse(each)), [{ city: "Oslo" }, { city: "Rome" }]);
}

// Thoughts, which are sent back as they came.
const thought = await client.chat.completions.create({ ...says("think"), reasoning_effort: "high" });
assert.equal(thought.choices[0].message.reasoning_content, "Let me see.");
assert.equal(thought.usage.completion_tokens_details.reasoning_tokens, 2);
const recalled = await client.chat.completions.create({
  model,
  messages: [...says("think").messages, thought.choices[0].message, { role: "user", content: "recall" }],
});
assert.equal(recalled.choices[0].message.content, "Let me see./signed");

// Pictures and forms.
const seen = await client.chat.completions.create({
  model,
  messages: [
    { role: "user", content: [{ type: "text", text: "see" }, { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw==" } }] },
  ],
});
assert.equal(seen.choices[0].message.content, "image/png of 4 bytes");
const shaped = await client.chat.completions.parse({
  ...says("shape"),
  response_format: { type: "json_schema", json_schema: { name: "shape", strict: true, schema: { type: "object" } } },
});
assert.equal(shaped.choices[0].message.content, '{"shape":"shape"}');

// What a model refuses.
assert.equal((await client.chat.completions.create(says("refuse"))).choices[0].finish_reason, "content_filter");

// Failures.
const stranger = new OpenAI({ baseURL: `${base}/chat/v1`, apiKey: "sk-wrong", maxRetries: 0 });
await fails(stranger.chat.completions.create(says("hello")), OpenAI.AuthenticationError, { status: 401, code: "invalid_api_key" });
const poor = new OpenAI({ baseURL: `${base}/chat/v1`, apiKey: poorKey, maxRetries: 0 });
await fails(poor.chat.completions.create(says("hello")), OpenAI.PermissionDeniedError, { status: 403, code: "upgrade_required" });
await fails(client.chat.completions.create({ ...says("hello"), model: "gpt-none" }), OpenAI.NotFoundError, {
  code: "model_not_found",
  type: "invalid_request_error",
});
await fails(client.chat.completions.create({ ...says("hello"), temperature: 3 }), OpenAI.BadRequestError, {
  status: 400,
  param: "temperature",
  type: "invalid_request_error",
});
await fails(client.chat.completions.create({ ...says("hello"), n: 2 }), OpenAI.BadRequestError, { param: "n" });
const limited = await fails(client.chat.completions.create({ ...says("limit"), model: "plain" }), OpenAI.RateLimitError, { status: 429, code: "rate_limit_exceeded" });
assert.equal(limited.headers.get("retry-after"), "7");
const away = await fails(client.chat.completions.create({ ...says("fail"), model: "frail", stream: true }), OpenAI.InternalServerError, { status: 503 });
assert.ok(away.headers.get("retry-after"));
const broke = new OpenAI({ baseURL: `${base}/chat/v1`, apiKey: brokeKey, maxRetries: 0 });
await fails(broke.chat.completions.create(says("hello")), OpenAI.APIError, { status: 402, type: "insufficient_quota" });

// One that breaks in the middle says so, and is not a success.
let before = "";
const broken = await client.chat.completions.create({ ...says("break"), stream: true });
await fails(
  (async () => {
    for await (const chunk of broken) before += chunk.choices[0]?.delta.content ?? "";
  })(),
  OpenAI.APIError,
  { type: "server_error", code: "stream_cut" },
);
assert.equal(before, "Once upon");

// Whoever has heard enough leaves.
for await (const chunk of await client.chat.completions.create({ ...says("forever"), stream: true }))
  if (chunk.choices[0].delta.content) break;

console.log("ok");
