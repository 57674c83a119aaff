// An explorer of our own: asks, shows the answer, and reads the schema out of the schema.

const $ = (id) => document.getElementById(id);
const EXAMPLE = `# The schema is open to everybody; sign in for the rest.
{
  viewer { role person { fullName } }
  shops {
    id
    name
    sheet { url }
    schedule { cron zone nextTimes }
  }
}
`;
const SCHEMA = `{ __schema { queryType { name } mutationType { name } types {
  kind name description
  fields(includeDeprecated: true) { name description isDeprecated deprecationReason args { ...Value } type { ...Type } }
  inputFields { ...Value } enumValues { name description }
} } }
fragment Value on __InputValue { name description defaultValue type { ...Type } }
fragment Type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

let types = new Map();
let roots = [];

// Asking

async function post(body, headers = {}) {
  const token = $("token").value.trim();
  const began = performance.now();
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }), ...headers },
    body: JSON.stringify(body),
    credentials: "omit",
  });
  return { response, text: await response.text(), ms: Math.round(performance.now() - began) };
}

async function run() {
  $("run").disabled = true;
  try {
    const body = { query: $("query").value, variables: parsed("variables") };
    const { response, text, ms } = await post(body, parsed("headers"));
    const answer = JSON.parse(text);
    const ok = response.ok && !answer.errors;
    show(JSON.stringify(answer, null, 2), `${response.status} · ${ms} ms · ${text.length.toLocaleString()} characters`, ok);
  } catch (error) {
    show("", error.message, false);
  } finally {
    $("run").disabled = false;
  }
}

function parsed(id) {
  const text = $(id).value.trim();
  if (!text) return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${id} must be JSON: ${error.message}`);
  }
}

function show(text, status, ok) {
  $("answer").textContent = text;
  $("status").textContent = status;
  $("status").dataset.ok = ok ? "yes" : "no";
}

async function signIn(event) {
  event.preventDefault();
  const { email, password } = Object.fromEntries(new FormData(event.target));
  const response = await fetch("/auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email, password }),
    credentials: "omit",
  });
  const answer = await response.json();
  $("signed").textContent = response.ok ? "" : answer.detail ?? response.statusText;
  if (!response.ok) return;
  event.target.reset();
  $("token").value = answer.access_token;
  keep();
  $("query").focus();
}

// The schema

async function learn() {
  const { text } = await post({ query: SCHEMA });
  const { __schema: schema } = JSON.parse(text).data;
  types = new Map(schema.types.filter((type) => !type.name.startsWith("__")).map((type) => [type.name, type]));
  roots = [schema.queryType?.name, schema.mutationType?.name].filter(Boolean);
  home();
}

const named = (type) => (type.ofType ? named(type.ofType) : type);
const written = (type) =>
  type.kind === "NON_NULL" ? `${written(type.ofType)}!` : type.kind === "LIST" ? `[${written(type.ofType)}]` : type.name;

function home() {
  $("trail").replaceChildren();
  const others = [...types.values()].filter((type) => !roots.includes(type.name) && type.kind !== "SCALAR");
  $("docs").replaceChildren(
    ...roots.flatMap((name) => [heading(name), ...types.get(name).fields.map((field) => fieldEntry(field, name))]),
    heading("Types"),
    ...others.map((type) => entry([link(type.name)], type.description)),
  );
}

function open(name) {
  const type = types.get(name);
  $("trail").replaceChildren(button("Schema", home), ` / ${name}`);
  $("docs").replaceChildren(
    paragraph(type.description),
    ...(type.fields ?? []).map((field) => fieldEntry(field, roots.includes(name) && name)),
    ...(type.inputFields ?? []).map((field) => entry([code(`${field.name}: `), link(named(field.type).name, written(field.type))], field.description)),
    ...(type.enumValues ?? []).map((value) => entry([code(value.name)], value.description)),
  );
  $("docs").scrollTop = 0;
  $("docs").focus();
}

function find() {
  const wanted = $("find").value.trim().toLowerCase();
  if (!wanted) return home();
  const hits = [...types.values()].flatMap((type) => [
    ...(type.name.toLowerCase().includes(wanted) ? [entry([link(type.name)], type.description)] : []),
    ...(type.fields ?? type.inputFields ?? [])
      .filter((field) => field.name.toLowerCase().includes(wanted))
      .map((field) => entry([link(type.name), code(`.${field.name}: ${written(field.type)}`)], field.description)),
  ]);
  $("trail").replaceChildren(button("Schema", home), ` / ${hits.length} found`);
  $("docs").replaceChildren(...hits.slice(0, 100));
}

function fieldEntry(field, root) {
  const args = field.args.flatMap((arg, i) => [code(`${i ? ", " : ""}${arg.name}: `), link(named(arg.type).name, written(arg.type))]);
  const head = [code(field.name), ...(args.length ? [code("("), ...args, code(")")] : []), code(": "), link(named(field.type).name, written(field.type))];
  if (root) head.unshift(button("insert", () => insert(field, root), "put"));
  return entry(head, field.description);
}

function insert(field, root) {
  const required = field.args.filter((arg) => arg.type.kind === "NON_NULL" && arg.defaultValue === null);
  const declared = required.map((arg) => `$${arg.name}: ${written(arg.type)}`).join(", ");
  const passed = required.map((arg) => `${arg.name}: $${arg.name}`).join(", ");
  const operation = root === roots[0] ? "query" : "mutation";
  const head = `${operation}${declared && `(${declared})`} {\n  ${field.name}${passed && `(${passed})`}`;
  $("query").value = `${head}${selection(named(field.type), 1, new Set())}\n}\n`;
  $("variables").value = required.length ? JSON.stringify(Object.fromEntries(required.map((arg) => [arg.name, blank(arg.type)])), null, 2) : "";
  keep();
  $("query").focus();
}

function selection(ref, depth, seen) {
  const fields = types.get(ref.name)?.fields;
  if (!fields || depth > 4 || seen.has(ref.name)) return "";
  const inner = fields
    .filter((field) => !field.args.some((arg) => arg.type.kind === "NON_NULL" && arg.defaultValue === null))
    .map((field) => [field, selection(named(field.type), depth + 1, new Set([...seen, ref.name]))])
    .filter(([field, below]) => below || !types.get(named(field.type).name)?.fields)
    .map(([field, below]) => `${"  ".repeat(depth + 1)}${field.name}${below}`);
  return inner.length ? ` {\n${inner.join("\n")}\n${"  ".repeat(depth)}}` : "";
}

function blank(type) {
  const { name, kind } = named(type);
  if (kind === "ENUM") return types.get(name).enumValues[0].name;
  if (kind !== "INPUT_OBJECT") return name === "Int" || name === "BigInt" ? 0 : "";
  const required = types.get(name).inputFields.filter((field) => field.type.kind === "NON_NULL" && field.defaultValue === null);
  return Object.fromEntries(required.map((field) => [field.name, blank(field.type)]));
}

// Elements

function element(tag, content, className = "") {
  const made = document.createElement(tag);
  made.append(...[content].flat());
  if (className) made.className = className;
  return made;
}
const code = (text) => element("code", text);
const heading = (text) => element("h3", text);
const paragraph = (text) => element("p", text ?? "");
const entry = (head, text) => element("div", [...head, ...(text ? [paragraph(text)] : [])], "entry");
const link = (name, text = name) => (types.has(name) && types.get(name).kind !== "SCALAR" ? button(text, () => open(name)) : code(text));

function button(text, action, className = "") {
  const made = element("button", text, className);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

// What is kept, for this tab only. Variables are not: a marketplace's token stands there.

function keep() {
  for (const id of ["query", "token"]) sessionStorage.setItem(`graphql.${id}`, $(id).value);
}

$("query").value = sessionStorage.getItem("graphql.query") || EXAMPLE;
$("token").value = sessionStorage.getItem("graphql.token") ?? "";
document.addEventListener("input", keep);
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") run();
});
$("run").addEventListener("click", run);
$("login").addEventListener("submit", signIn);
$("bearer").addEventListener("submit", (event) => event.preventDefault());
$("find").addEventListener("input", find);
learn().catch((error) => show("", `The schema could not be read: ${error.message}`, false));
