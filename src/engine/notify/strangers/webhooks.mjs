// Verifies webhooks as the standard's own library does: webhooks.mjs FILE
// FILE holds JSON lines {secret, id, timestamp, signature, body, good}. Prints what is judged otherwise, or
// "verified N webhooks".
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

let count = 0;
const faults = [];
for (const line of readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean)) {
  const { secret, id, timestamp, signature, body, good } = JSON.parse(line);
  count += 1;
  let verdict = "good";
  try {
    new Webhook(secret).verify(body, {
      "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature,
    });
  } catch (error) {
    verdict = error.message;
  }
  if ((verdict === "good") !== good) faults.push(`${line}: ${verdict}`);
}
console.log(faults.length ? faults.slice(0, 10).join("\n") : `verified ${count} webhooks`);
