// Shows an OpenAPI document and lets people try it. No dependencies, nothing loaded from elsewhere.
"use strict";

const byId = (id) => document.getElementById(id);
let documentShown = {};

function resolve(schema) {
  if (!schema || !schema.$ref) return schema || {};
  return schema.$ref.split("/").slice(1).reduce((at, key) => at[key], documentShown);
}

// An example value of a schema, as a starting point for a body.
function example(schema, depth = 0) {
  schema = resolve(schema);
  if (depth > 4) return null;
  if (schema.enum) return schema.enum[0];
  if (schema.type === "object")
    return Object.fromEntries(Object.entries(schema.properties || {}).map(([k, v]) => [k, example(v, depth + 1)]));
  if (schema.type === "array") return [example(schema.items, depth + 1)];
  if (schema.type === "integer" || schema.type === "number") return schema.minimum ?? 0;
  if (schema.type === "boolean") return false;
  return schema.format === "date-time" ? "2026-11-20T07:30:00Z" : "text";
}

function limits(schema) {
  const s = resolve(schema);
  const said = [s.type];
  if (s.enum) said.push(s.enum.join(" | "));
  if (s.minLength !== undefined) said.push(`${s.minLength}–${s.maxLength} characters`);
  if (s.minimum !== undefined) said.push(`${s.minimum}…${s.maximum}`);
  return said.filter(Boolean).join(", ");
}

function input(name, schema, required) {
  const label = document.createElement("label");
  const title = document.createElement("span");
  title.textContent = name + (required ? " *" : "");
  const hint = document.createElement("small");
  hint.textContent = limits(schema);
  title.append(hint);
  const field = document.createElement("input");
  field.name = name;
  field.required = required;
  label.append(title, field);
  return label;
}

// Shows what a WebSocket says, line by line, until it ends. Browsers give it no header: the token is in its address.
function follow(url, token, answer) {
  const say = (line) => { answer.textContent += line + "\n"; };
  const address = new URL(url, location.href.replace(/^http/, "ws"));
  if (token) address.searchParams.set("token", token);
  const socket = new WebSocket(address);
  socket.onmessage = (message) => say(message.data);
  socket.onclose = (end) => say(`closed: ${end.code} ${end.reason}`);
}

// Shows an event stream as it comes.
async function read(response, answer) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part; !(part = await reader.read()).done;) answer.textContent += part.value;
}

async function attempt(event, method, path, operation, answer) {
  event.preventDefault();
  const form = event.target;
  const query = new URLSearchParams();
  const headers = {};
  const token = byId("token").value;
  if (token) headers.Authorization = "Bearer " + token;
  let target = path;
  for (const parameter of operation.parameters || []) {
    const value = form.elements[parameter.name].value;
    if (parameter.in === "path") target = target.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (!value) continue;
    else if (parameter.in === "header") headers[parameter.name] = value;
    else if (parameter.in === "cookie") document.cookie = `${parameter.name}=${value}; path=/; samesite=strict`;
    else query.set(parameter.name, value);
  }
  const base = documentShown.servers[0].url.replace(/\/$/, "");
  const url = base + target + (query.size ? "?" + query : "");
  const options = { method: method.toUpperCase(), headers };
  if (form.elements.body) {
    options.body = form.elements.body.value;
    headers["Content-Type"] = "application/json";
  }
  answer.hidden = false;
  answer.textContent = "";
  if (operation.responses["101"]) return follow(url, token, answer);
  answer.nextElementSibling?.matches("audio") && answer.nextElementSibling.remove();
  try {
    const started = performance.now();
    const response = await fetch(url, options);
    const type = response.headers.get("content-type") || "";
    const head = `${response.status} ${response.statusText} · ${Math.round(performance.now() - started)} ms\n`;
    if (type.startsWith("text/event-stream")) {
      answer.textContent = head;
      await read(response, answer);
    } else if (type.startsWith("audio/")) {
      const player = document.createElement("audio");
      player.controls = true;
      player.src = url;
      answer.after(player);
      answer.textContent = head + type;
    } else {
      const text = await response.text();
      answer.textContent = head + (type.includes("json") ? JSON.stringify(JSON.parse(text), null, 2) : text);
    }
  } catch (failure) {
    answer.textContent = String(failure);
  }
}

function show(path, method, operation) {
  const node = byId("operation").content.cloneNode(true);
  const find = (selector) => node.querySelector(selector);
  find(".method").textContent = method.toUpperCase();
  find(".path").textContent = path;
  find(".what").textContent = operation.summary || "";
  find(".description").textContent = operation.description || "";
  for (const parameter of operation.parameters || [])
    find(".inputs").append(input(parameter.name, parameter.schema, parameter.required));
  const body = operation.requestBody?.content["application/json"];
  if (body) {
    const area = document.createElement("textarea");
    area.name = "body";
    area.value = JSON.stringify(example(body.schema), null, 2);
    find(".inputs").append(area);
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    const line = document.createElement("div");
    const schema = response.content?.["application/json"]?.schema;
    line.innerHTML = "<b></b> <span></span>";
    line.children[0].textContent = status;
    line.children[1].textContent = response.description;
    if (schema && status !== "default" && status !== "429") {
      const pre = document.createElement("pre");
      pre.textContent = JSON.stringify(example(schema), null, 2);
      line.append(pre);
    }
    find(".answers").append(line);
  }
  const answer = find(".answer");
  find("form").addEventListener("submit", (event) => attempt(event, method, path, operation, answer));
  return node;
}

async function load(product) {
  const address = `/openapi.json?product=${encodeURIComponent(product)}`;
  byId("raw").href = address;
  documentShown = await (await fetch(address)).json();
  const nodes = [];
  for (const [path, methods] of Object.entries(documentShown.paths))
    for (const [method, operation] of Object.entries(methods)) nodes.push(show(path, method, operation));
  byId("operations").replaceChildren(...nodes);
}

async function start() {
  const products = await (await fetch("/docs/products.json")).json();
  const select = byId("product");
  for (const { name, title } of products.products) select.append(new Option(title, name));
  select.value = products.products[products.products.length - 1].name;
  select.addEventListener("change", () => load(select.value));
  await load(select.value);
}

start();
