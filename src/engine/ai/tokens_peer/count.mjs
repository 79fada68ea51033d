// Counts the tokens of each text of a JSON list, as OpenAI's cl100k has them.
import { readFileSync } from "node:fs";
import { Tiktoken } from "js-tiktoken/lite";
import cl100k from "js-tiktoken/ranks/cl100k_base";

const tokenizer = new Tiktoken(cl100k);
const texts = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => tokenizer.encode(text).length)));
