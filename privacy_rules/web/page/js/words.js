// Changes in words, and a change set as YAML and JSON, as `privacy-rules what-if` reads it.

import { kindOf } from "./state.js";

export function shown(value) {
  if (value === null || value === undefined) return "unknown";
  if (value === true) return "yes";
  if (value === false) return "no";
  if (Array.isArray(value)) return value.length ? value.map(shown).join(", ") : "nothing";
  if (typeof value === "object") {
    if ("data" in value) return value.data;
    if ("from" in value && "to" in value) return `${shown(value.from)} to ${shown(value.to)}`;
    return Object.entries(value).map(([key, each]) => `${key} ${shown(each)}`).join("; ");
  }
  return String(value);
}

export function told(change) {
  if ("as_of" in change) return `on ${change.as_of}`;
  if (change.remove) {
    const [[kind, id]] = Object.entries(change.remove);
    return `remove ${kind} ${id}`;
  }
  if (change.add) {
    const [[kind, body]] = Object.entries(change.add);
    const { id, from, to, ...rest } = body, ends = kind === "flow" ? [`from ${from} to ${to}`] : [];
    return `add ${[kind, id].filter(Boolean).join(" ")}: ${[...ends, ...Object.entries(kind === "flow" ? rest : body).filter(([name]) => name !== "id").map(([name, value]) => `${name} = ${shown(value)}`)].join(", ")}`;
  }
  const kind = kindOf(change.set), set = change.set;
  const said = Object.entries(set).filter(([name]) => name !== kind && name !== "unset").map(([name, value]) => `${name} = ${shown(value)}`);
  return `${kind === "organisation" ? "the organisation" : `${kind} ${set[kind]}`}: ${[...said, ...(set.unset || []).map((name) => `${name} undeclared`)].join(", ")}`;
}

// All changes, the day at the end, where it is another than that of the start.
export function whole({ changes, day }, start) {
  return day && day !== start ? [...changes, { as_of: day }] : changes;
}

export const asJson = (changes) => `${JSON.stringify(changes, null, 2)}\n`;

// YAML of maps, lists and plain values; text stands in double quotes wherever it could be read as something else.
export function asYaml(changes, heading) {
  const head = heading ? `# ${heading.replace(/[^ -~\u00a1-\ud7ff]/g, " ")}\n` : "";
  return `${head}${changes.length ? changes.map((each) => `- ${flow(each, true)}\n`).join("") : "[]\n"}`;
}

function flow(value, top = false) {
  if (Array.isArray(value)) return `[${value.map((each) => flow(each)).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    const inner = Object.entries(value).map(([key, each]) => `${text(key)}: ${flow(each)}`).join(", ");
    return top ? inner : `{${inner}}`;
  }
  return typeof value === "string" ? text(value) : JSON.stringify(value);
}

const PLAIN = /^[A-Za-z_][\w./-]*( [\w./-]+)*$/;
const WORDS = /^(y|n|yes|no|true|false|on|off|null|none|nan|inf)$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

function text(value) {
  if (DAY.test(value) || (PLAIN.test(value) && !WORDS.test(value))) return value;
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
