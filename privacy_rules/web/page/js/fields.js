// A control for each form of value; each hands on the new value in the form of a change set.

import { button, h, option } from "./dom.js";
import { record } from "./findings-of.js";
import { state } from "./state.js";

const SECTIONS = { party: "parties", system: "systems", flow: "flows", contract: "contracts" };
const UNKNOWN = "\u0000unknown";

export const terms = (attribute) =>
  attribute.refers_to ? state.estate[SECTIONS[attribute.refers_to]].map((each) => each.id) : (state.session.vocabularies[attribute.vocabulary] || []).map((each) => each.term);

// The control for an attribute; `label` names it for those who cannot see.
export function control(attribute, value, label, onset) {
  const made = FORMS[attribute.form] || plainText;
  return made({ attribute, value, label, onset });
}

function select({ value, label, onset }, choices, read) {
  const known = value === null ? UNKNOWN : String(value);
  const options = [...choices.map(([key, words]) => option(key, words, key === known)), option(UNKNOWN, "unknown", known === UNKNOWN)];
  return h("select", { "aria-label": label, data: { key: label }, onchange: ({ target }) => onset(target.value === UNKNOWN ? null : read(target.value)) }, options);
}

const flag = (given) => select(given, [["true", "yes"], ["false", "no"]], (text) => text === "true");

const one = (given) => select(given, terms(given.attribute).map((each) => [each, each]), (text) => text);

const roles = (given) => many({ ...given, value: given.value === null ? null : [given.value].flat() });

function plainText({ attribute, value, label, onset }) {
  const type = attribute.form === "date" ? "date" : "text";
  const hint = { duration: "2 years", number: "3" }[attribute.form];
  const read = (text) => (text === "" ? null : attribute.form === "number" && !Number.isNaN(Number(text)) ? Number(text) : text);
  return h("input", { type, value: value === null ? "" : String(value), placeholder: value === null ? "unknown" : hint, "aria-label": label, data: { key: label }, onchange: ({ target }) => onset(read(target.value)) });
}

// Several terms, ids or texts: each with a way to take it out, and a field to put in another.
function many({ attribute, value, label, onset }) {
  if ((value || []).some((each) => typeof each === "object")) return nested({ value, label, onset });
  const items = value || [], known = terms(attribute), list = `list-${label.replaceAll(/[^\w-]/g, "_")}`;
  const free = attribute.form === "texts";
  const add = (input) => {
    const text = input.value.trim();
    if (text && !items.includes(text) && (free || known.includes(text))) onset([...items, text]);
  };
  return h("div", { class: "many", role: "group", "aria-label": label },
    value === null && h("span", { class: "dim" }, "unknown"),
    items.map((each) => h("span", { class: "chip" }, each, button("×", () => onset(items.filter((other) => other !== each)), { "aria-label": `Take ${each} out of ${label}`, data: { key: `${label} ${each}` } }))),
    h("input", { type: "text", list: free ? null : list, placeholder: "add…", "aria-label": `Add to ${label}`, data: { key: `${label} add` }, onchange: ({ target }) => add(target), onkeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); add(event.target); } } }),
    !free && h("datalist", { id: list }, known.filter((each) => !items.includes(each)).map((each) => option(each, ""))));
}

// What has parts of its own is written as JSON.
function nested({ value, label, onset }) {
  const told = h("span", { class: "dim", role: "alert" });
  return h("div", {}, h("textarea", {
    "aria-label": `${label}, as JSON`, rows: 4, spellcheck: "false", data: { key: label }, value: JSON.stringify(value, null, 1),
    onchange: ({ target }) => {
      try { onset(JSON.parse(target.value)); } catch (error) { told.textContent = `no JSON: ${error.message}`; }
    },
  }), told);
}

const FORMS = { flag, one, reference: one, roles, set: many, references: many, texts: many, pairs: nested, transforms: nested };

export const isThere = (kind, id) => Boolean(record(kind, id));
