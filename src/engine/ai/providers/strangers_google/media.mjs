// Pictures and vectors as Google's own client asks for them, and what it reads: node media.mjs BASE_URL
import { GoogleGenAI } from "@google/genai";

const ai = new GoogleGenAI({ apiKey: "AIza", httpOptions: { baseUrl: process.argv[2] } });
const drawn = await ai.models.generateContent({
  model: "gemini-2.5-flash-image",
  contents: "a cat",
  config: { responseModalities: ["TEXT", "IMAGE"], imageConfig: { aspectRatio: "16:9" } },
});
const found = await ai.models.embedContent({
  model: "gemini-embedding-001",
  contents: ["one", "two"],
  config: { outputDimensionality: 2 },
});
const pictures = drawn.candidates[0].content.parts.map((part) => part.inlineData?.data).filter(Boolean);
console.log(JSON.stringify({ pictures, vectors: found.embeddings.map(({ values }) => values) }));
