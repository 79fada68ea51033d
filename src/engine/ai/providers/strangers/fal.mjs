// What fal.ai's own client makes of a server that plays fal: node fal.mjs BASE_URL ENDPOINT…
// Runs each endpoint with the prompt "a cat", and prints a list of {data} or {status, types}, in that order.
import { createFalClient } from "@fal-ai/client";

const [base, ...endpoints] = process.argv.slice(2);
const fal = createFalClient({
  credentials: "fal-secret",
  requestMiddleware: async (request) => ({ ...request, url: request.url.replace("https://queue.fal.run", base) }),
});

const made = [];
for (const endpoint of endpoints) {
  try {
    const { data } = await fal.subscribe(endpoint, { input: { prompt: "a cat" }, pollInterval: 1 });
    made.push({ data });
  } catch (error) {
    made.push({ status: error.status, types: (error.fieldErrors ?? []).map(({ type }) => type) });
  }
}
console.log(JSON.stringify(made));
