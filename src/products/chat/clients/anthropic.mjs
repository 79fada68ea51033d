// What a program does with Anthropic's official SDK, against Odeon: node anthropic.mjs BASE_URL KEY POOR_KEY BROKE_KEY
// POOR_KEY is of someone whose plan has no API, BROKE_KEY of someone who has spent their budget.
// Prints "ok" at the end; the first thing that is not as it should be ends it with status 1.
import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";

const [base, key, poorKey, brokeKey] = process.argv.slice(2);
const client = new Anthropic({ baseURL: `${base}/chat`, apiKey: key, maxRetries: 0 });
const model = "small";
const says = (content) => ({ model, max_tokens: 100, messages: [{ role: "user", content }] });

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
assert.equal((await client.models.retrieve("little")).max_tokens, 500);
await fails(client.models.retrieve("none"), Anthropic.NotFoundError, { status: 404 });

// At once.
const { data: answer, response } = await client.messages.create({ ...says("hello"), system: "Be kind." }).withResponse();
assert.match(answer.id, /^msg_/);
assert.deepEqual(answer.content, [{ type: "text", text: "Good morning.", citations: null }]);
assert.deepEqual([answer.role, answer.model, answer.stop_reason], ["assistant", "small", "end_turn"]);
assert.deepEqual([answer.usage.input_tokens, answer.usage.cache_read_input_tokens, answer.usage.output_tokens], [7, 3, 4]);
assert.ok(answer._request_id);
assert.equal(response.headers.get("anthropic-ratelimit-requests-limit"), "1200");
assert.ok(Date.parse(response.headers.get("anthropic-ratelimit-requests-reset")) > 0);

// While it is written.
const pieces = [];
const stream = client.messages.stream(says("hello")).on("text", (piece) => pieces.push(piece));
const final = await stream.finalMessage();
assert.deepEqual(pieces, ["Good ", "morning."]);
assert.deepEqual(final.content, answer.content);
assert.deepEqual([final.usage.input_tokens, final.usage.cache_read_input_tokens, final.usage.output_tokens], [7, 3, 4]);
assert.equal(final.stop_reason, "end_turn");
for await (const event of await client.messages.create({ ...says("hello"), stream: true }))
  if (event.type === "message_start") assert.ok(event.message.usage.input_tokens > 0);

// Tools, until there is nothing left to call.
const tools = [
  { name: "weather", description: "How warm it is", input_schema: { type: "object", properties: { city: { type: "string" } } } },
];
for (const ask of [(body) => client.messages.create(body), (body) => client.messages.stream(body).finalMessage()]) {
  const messages = [...says("How warm is it?").messages];
  const first = await ask({ model, max_tokens: 100, messages, tools });
  assert.equal(first.stop_reason, "tool_use");
  const calls = first.content.filter((block) => block.type === "tool_use");
  assert.deepEqual(calls.map((call) => call.input), [{ city: "Oslo" }, { city: "Rome" }]);
  messages.push({ role: "assistant", content: first.content });
  messages.push({
    role: "user",
    content: calls.map((call) => ({ type: "tool_result", tool_use_id: call.id, content: `7 degrees in ${call.input.city}` })),
  });
  const last = await ask({ model, max_tokens: 100, messages, tools });
  assert.equal(last.content[0].text, "It is 7 degrees in Oslo and 7 degrees in Rome.");
}

// Thoughts with their signature, which are sent back as they came.
const thought = await client.messages.stream({ ...says("think"), thinking: { type: "adaptive" } }).finalMessage();
assert.deepEqual(thought.content[0], { type: "thinking", thinking: "Let me see.", signature: "signed" });
assert.equal(thought.usage.output_tokens_details.thinking_tokens, 2);
const recalled = await client.messages.create({
  model,
  max_tokens: 100,
  messages: [...says("think").messages, { role: "assistant", content: thought.content }, { role: "user", content: "recall" }],
});
assert.equal(recalled.content[0].text, "Let me see./signed");

// Pictures, forms, counting, refusals.
const seen = await client.messages.create(
  says([{ type: "text", text: "see" }, { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw==" } }]),
);
assert.equal(seen.content[0].text, "image/png of 4 bytes");
const shaped = await client.messages.create({
  ...says("shape"),
  output_config: { format: { type: "json_schema", schema: { type: "object" } } },
});
assert.equal(shaped.content[0].text, '{"shape":"answer"}');
assert.ok((await client.messages.countTokens({ model, messages: says("hello").messages })).input_tokens > 0);
const refused = await client.messages.stream(says("refuse")).finalMessage();
assert.deepEqual([refused.stop_reason, refused.stop_details.type], ["refusal", "refusal"]);

// The versions.
await fails(client.messages.create({ ...says("hello"), temperature: 0.5 }), Anthropic.BadRequestError, { type: "invalid_request_error" });
const older = new Anthropic({
  baseURL: `${base}/chat`,
  apiKey: key,
  maxRetries: 0,
  defaultHeaders: { "anthropic-version": "2023-06-01" },
});
assert.equal((await older.messages.create({ ...says("hello"), temperature: 0.5 })).content[0].text, "Good morning.");

// Failures.
const stranger = new Anthropic({ baseURL: `${base}/chat`, apiKey: "sk-wrong", maxRetries: 0 });
await fails(stranger.messages.create(says("hello")), Anthropic.AuthenticationError, { status: 401, type: "authentication_error" });
const poor = new Anthropic({ baseURL: `${base}/chat`, apiKey: poorKey, maxRetries: 0 });
await fails(poor.messages.create(says("hello")), Anthropic.PermissionDeniedError, { status: 403, type: "permission_error" });
await fails(client.messages.create({ ...says("hello"), model: "claude-none" }), Anthropic.NotFoundError, { type: "not_found_error" });
const wrong = await fails(client.messages.create({ ...says("hello"), max_tokens: 501 }), Anthropic.BadRequestError, { status: 400 });
assert.match(wrong.message, /max_tokens/);
assert.ok(wrong.requestID);
const limited = await fails(client.messages.create({ ...says("limit"), model: "plain" }), Anthropic.RateLimitError, { status: 429, type: "rate_limit_error" });
assert.equal(limited.headers.get("retry-after"), "7");
await fails(client.messages.create({ ...says("fail"), model: "frail" }), Anthropic.APIError, { status: 503, type: "overloaded_error" });
const broke = new Anthropic({ baseURL: `${base}/chat`, apiKey: brokeKey, maxRetries: 0 });
await fails(broke.messages.create(says("hello")), Anthropic.APIError, { status: 402, type: "billing_error" });
await fails(client.messages.stream(says("break")).finalMessage(), Anthropic.APIError, { type: "api_error" });

// Whoever has heard enough leaves.
for await (const event of await client.messages.create({ ...says("forever"), stream: true }))
  if (event.type === "content_block_delta") break;

console.log("ok");
