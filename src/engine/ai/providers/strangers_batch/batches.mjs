// What the providers' own clients make of a server that plays them: node batches.mjs ASK|READ|CANCEL BASE OPENAI_KEY
// ANTHROPIC_KEY
// ask: hands two questions over to each; read: prints what became of them; cancel: prints how far that is.
import { File } from "node:buffer";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI, { toFile } from "openai";

globalThis.File ??= File;  // Debian 12 has Node 18

const [act, base, openaiKey, anthropicKey] = process.argv.slice(2);
const openai = new OpenAI({ baseURL: `${base}/v1`, apiKey: openaiKey, maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: base, apiKey: anthropicKey, maxRetries: 0 });
const questions = ["one", "two", "three"];

// In the words of the C++ test: text, or a sign of what went wrong.
const ofOpenAI = ({ response, error }) =>
  error ? error.code : response.status_code === 200 ? response.body.choices[0].message.content : response.status_code;
const ofAnthropic = ({ result }) =>
  result.type === "succeeded" ? result.message.content[0].text
    : result.type === "errored" ? result.error.error.type : result.type;

const acts = {
  async ask() {
    const lines = questions.map((content, place) => JSON.stringify({
      custom_id: `request-${place}`,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "small", messages: [{ role: "user", content }] },
    }));
    const file = await openai.files.create({
      file: await toFile(Buffer.from(lines.join("\n")), "batch.jsonl"), purpose: "batch",
      expires_after: { anchor: "created_at", seconds: 604800 },
    });
    const ours = await openai.batches.create({
      input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h",
      output_expires_after: { anchor: "created_at", seconds: 604800 },
    });
    const theirs = await anthropic.messages.batches.create({
      requests: questions.map((content, place) => ({
        custom_id: `request-${place}`,
        params: { model: "small", max_tokens: 50, messages: [{ role: "user", content }] },
      })),
    });
    return { openai: ours.id, anthropic: theirs.id };
  },
  async read() {
    const batch = await openai.batches.retrieve("batch_1");
    const answers = {};
    for (const file of [batch.output_file_id, batch.error_file_id].filter(Boolean)) {
      const content = await (await openai.files.content(file)).text();
      for (const line of content.split("\n").filter(Boolean).map((each) => JSON.parse(each)))
        answers[line.custom_id] = ofOpenAI(line);
    }
    const messages = {};
    for await (const line of await anthropic.messages.batches.results("msgbatch_1"))
      messages[line.custom_id] = ofAnthropic(line);
    return { openai: answers, anthropic: messages };
  },
  async cancel() {
    const ours = await openai.batches.cancel("batch_1");
    const theirs = await anthropic.messages.batches.cancel("msgbatch_1");
    return { openai: ours.status, anthropic: theirs.processing_status };
  },
};

console.log(JSON.stringify(await acts[act]()));
