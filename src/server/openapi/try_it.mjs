// Says what "Try it" of the documentation page sends: try_it.mjs DOCS_JS. The page's script runs without a browser;
// what it would fetch is kept instead. Prints "ok".
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import vm from "node:vm";

const asked = [];
const page = { cookie: "", getElementById: (id) => (id === "token" ? { value: "secret" } : {}) };
const context = vm.createContext({
  document: page,
  performance,
  URLSearchParams,
  fetch: (url, options) => {
    asked.push({ url, ...options });
    return new Promise(() => {});  // no answer: what is asked is enough
  },
});
vm.runInContext(readFileSync(process.argv[2], "utf8"), context);
vm.runInContext('documentShown = { servers: [{ url: "/stories/" }] }', context);

const operation = {
  parameters: [
    { name: "id", in: "path" }, { name: "limit", in: "query" }, { name: "X-Signature", in: "header" },
    { name: "refresh", in: "cookie" }, { name: "offset", in: "query" },
  ],
  responses: { 200: {} },
};
const values = { id: "a b", limit: "5", "X-Signature": "s", refresh: "r", offset: "", body: "{}" };
const elements = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
context.attempt({ preventDefault() {}, target: { elements } }, "post", "/heroes/{id}", operation, {});

const { url, method, headers, body } = asked.at(-1);
assert.deepEqual([url, method, body], ["/stories/heroes/a%20b?limit=5", "POST", "{}"]);
assert.deepEqual({ ...headers },
  { Authorization: "Bearer secret", "X-Signature": "s", "Content-Type": "application/json" });
assert.match(page.cookie, /^refresh=r;/);
console.log("ok");
process.exit(0);
