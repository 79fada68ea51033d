// Reads what a collector was sent with OpenTelemetry's own description of it: node check.mjs < BODIES
// A body a line. Each must mean something, all of it: what the description does not know, or knows by another name,
// does not survive the way through its binary form. Prints how many spans there were; a fault ends it with status 1.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const root = createRequire(import.meta.url)("@opentelemetry/otlp-transformer/build/src/generated/root.js");
const Request = root.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
const ids = { traceId: 32, spanId: 16, parentSpanId: 16 };

// OTLP's JSON differs from that of protocol buffers in one thing: ids are hexadecimal.
function change(value, id) {
  if (Array.isArray(value)) return value.map((one) => change(one, id));
  if (value === null || typeof value !== "object" || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key in ids ? id(one, ids[key]) : change(one, id)]),
  );
}

let spans = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const sent = JSON.parse(line);
  const message = Request.fromObject(
    change(sent, (id, digits) => {
      assert.match(id, new RegExp(`^[0-9a-f]{${digits}}$`));
      assert.match(id, /[1-9a-f]/);
      return Buffer.from(id, "hex");
    }),
  );
  const read = Request.decode(Request.encode(message).finish());
  const shown = Request.toObject(read, { longs: String, enums: Number, bytes: Buffer });
  assert.deepEqual(change(shown, (id) => id.toString("hex")), sent);
  for (const resource of read.resourceSpans) {
    const names = resource.resource.attributes.map(({ key }) => key);
    assert.ok(names.includes("service.name"), names);
    for (const scope of resource.scopeSpans)
      for (const span of scope.spans) {
        assert.ok(span.name);
        assert.ok(span.kind >= 1 && span.kind <= 5);
        assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano));
        spans += 1;
      }
  }
}
console.log(spans);
