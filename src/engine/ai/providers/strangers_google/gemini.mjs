// What Google's own client reads from a server that plays Gemini: node gemini.mjs BASE_URL ANSWER…
// Asks for each answer twice, at once and as a stream, with the answer's name for a model's, and prints what it
// understood as a list of objects, in that order.
import { GoogleGenAI } from "@google/genai";

const [base, ...answers] = process.argv.slice(2);
const ai = new GoogleGenAI({ apiKey: "AIza-of-a-stranger", httpOptions: { baseUrl: base } });

// All chunks of one answer, put together as the client's users do it.
function understood(chunks) {
  const last = chunks.at(-1);
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
  return {
    text: chunks.map((chunk) => chunk.text ?? "").join(""),
    thoughts: parts.filter((part) => part.thought).map((part) => part.text ?? "").join(""),
    calls: chunks.flatMap((chunk) => chunk.functionCalls ?? []).map(({ name, args }) => ({ name, args: args ?? {} })),
    signatures: parts.map((part) => part.thoughtSignature).filter(Boolean),
    finish: last.candidates?.[0]?.finishReason ?? null,
    blocked: chunks.map((chunk) => chunk.promptFeedback?.blockReason).find(Boolean) ?? null,
    id: last.responseId,
    prompt: last.usageMetadata.promptTokenCount,
    cached: last.usageMetadata.cachedContentTokenCount ?? 0,
    answer: last.usageMetadata.candidatesTokenCount ?? 0,
    reasoning: last.usageMetadata.thoughtsTokenCount ?? 0,
  };
}

const read = [];
for (const answer of answers) {
  const question = { model: answer, contents: "What moved?" };
  read.push(understood([await ai.models.generateContent(question)]));
  const chunks = [];
  for await (const chunk of await ai.models.generateContentStream(question)) chunks.push(chunk);
  read.push(understood(chunks));
}
console.log(JSON.stringify(read));
