// Encodes messages as AWS's own library does: event_stream.mjs IN OUT
// IN holds JSON lines {headers: {name: {type, value}}, body} with binary values and the body in base64; OUT gets the
// frames, one after the other.
import { readFileSync, writeFileSync } from "node:fs";
import { EventStreamCodec, Int64 } from "@smithy/eventstream-codec";

const codec = new EventStreamCodec((bytes) => Buffer.from(bytes).toString("utf8"), (text) => Buffer.from(text, "utf8"));
const values = {
  binary: (value) => Buffer.from(value, "base64"),
  long: (value) => Int64.fromNumber(value),
  timestamp: (value) => new Date(value),
};

const frames = readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean).map((line) => {
  const { headers, body } = JSON.parse(line);
  for (const header of Object.values(headers))
    if (values[header.type]) header.value = values[header.type](header.value);
  return Buffer.from(codec.encode({ headers, body: Buffer.from(body, "base64") }));
});
writeFileSync(process.argv[3], Buffer.concat(frames));
console.log(`encoded ${frames.length} messages`);
