// A control for each form of value; each hands on the new value in the form of a change set.

import { announce, button, byId, h, option } from "./dom.js";
import { record } from "./findings-of.js";
import { nearest } from "./nearest.js";
import { look, state } from "./state.js";
import { visible } from "./visible.js";

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

// Words that were typed and are not known, by field: each stays there, with its error, until it is corrected or removed.
const mistakes = new Map();

export const forgetMistake = (label) => mistakes.delete(label);

// Goes to the field with a mistake, if one of these has any.
export function toMistake(labels) {
  const wrong = labels.find((each) => mistakes.has(each));
  if (!wrong) return false;
  byId(idOf("add", wrong))?.focus();
  announce(mistakes.get(wrong).told);
  return true;
}

const idOf = (what, label) => `${what}-${label.replaceAll(/[^\w-]/g, "_")}`;

// Several terms, ids or texts: each with a way to take it out, and a field to put in another, which offers what is known.
function many({ attribute, value, label, onset }) {
  if ((value || []).some((each) => typeof each === "object")) return nested({ value, label, onset });
  let items = value || []; // as the last of what is done here leaves it: a field may be left by a click on another of its parts
  const known = terms(attribute), wrong = mistakes.get(label), free = attribute.form === "texts";
  const hand = (next) => { items = next; onset(next); };
  const put = (text) => { mistakes.delete(label); hand([...items, text]); };
  const add = (input) => {
    const text = input.value.trim(), told = text && mistakeIn(text, items, known, attribute);
    if (text && !told) {
      input.value = ""; // it is changed once more when it is taken away
      put(text);
    } else if (told !== (mistakes.get(label)?.told ?? "")) {
      if (told) mistakes.set(label, { text, told });
      else mistakes.delete(label);
      announce(told);
      look({});
    }
  };
  return h("div", { class: "many", role: "group", "aria-label": label },
    value === null && h("span", { class: "dim" }, "unknown"),
    items.map((each) => h("span", { class: "chip" }, each, button("×", () => hand(items.filter((other) => other !== each)), { "aria-label": `Remove ${each} from ${label}`, data: { key: `${label} ${each}` } }))),
    h("input", {
      type: "text", id: idOf("add", label), list: free ? null : idOf("list", label), placeholder: "add…", value: wrong?.text ?? "", autocomplete: "off",
      "aria-label": `Add to ${label}`, "aria-invalid": wrong ? "true" : null, "aria-describedby": wrong ? idOf("wrong", label) : null, data: { key: `${label} add` },
      onchange: ({ target }) => add(target), onkeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); add(event.target); } },
    }),
    !free && h("datalist", { id: idOf("list", label) }, known.filter((each) => !items.includes(each)).map((each) => option(each, described(attribute, each)))),
    wrong && h("div", { class: "wrong" }, h("span", { id: idOf("wrong", label) }, wrong.told),
      nearest(wrong.text, known.filter((each) => !items.includes(each))).map((each) => button(each, () => put(each), { class: "small", "aria-label": `Add ${each} to ${label}`, data: { key: `${label} nearest ${each}` } })),
      button("Discard it", () => { mistakes.delete(label); look({}); }, { class: "small", "aria-label": `Discard ${wrong.text} from ${label}`, data: { key: `${label} drop` } })));
}

function mistakeIn(text, items, known, attribute) {
  if (items.includes(text)) return `${text} is already in the list`;
  if (attribute.form === "texts" || known.includes(text)) return "";
  const what = attribute.refers_to || (attribute.vocabulary === "data" ? "category" : attribute.vocabulary) || attribute.name;
  return `unknown ${what} “${text}”${nearest(text, known).length ? ": did you mean one of these?" : ""}`;
}

const described = (attribute, term) => (!attribute.refers_to && (state.session.vocabularies[attribute.vocabulary] || []).find((each) => each.term === term)?.description) || "";

// What has parts of its own is written as JSON.
function nested({ value, label, onset }) {
  const told = h("span", { class: "dim", role: "alert" });
  return h("div", {}, h("textarea", {
    "aria-label": `${label}, as JSON`, rows: 4, spellcheck: "false", data: { key: label }, value: JSON.stringify(value, null, 1),
    onchange: ({ target }) => {
      try { onset(JSON.parse(target.value)); } catch (error) { told.textContent = `not valid JSON: ${visible(error.message)}`; }
    },
  }), told);
}

const FORMS = { flag, one, reference: one, roles, set: many, references: many, texts: many, pairs: nested, transforms: nested };

export const isThere = (kind, id) => Boolean(record(kind, id));
