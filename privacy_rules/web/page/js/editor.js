// Changes one entity in place: each attribute as it is declared, another one, what can be done with the whole; and a new flow.

import { button, h, option } from "./dom.js";
import { control, terms } from "./fields.js";
import { keyOf, record, value } from "./findings-of.js";
import { change, look, state, today } from "./state.js";
import { shown } from "./words.js";

const DERIVED = ["policy default", "built-in default", "manifest default"];

export function editor(found, bad) {
  const attributes = state.session.attributes.filter((each) => each.entity === found.kind);
  const said = attributes.filter((each) => found.values[each.name] && !DERIVED.includes(found.values[each.name].given));
  const rest = attributes.filter((each) => !said.includes(each));
  return [
    bad.length > 0 && h("ul", { class: "plain" }, bad.map(({ finding }) => h("li", {}, button(finding.message, () => look({ chosen: { kind: "finding", id: keyOf(finding) }, tab: "findings" }), { class: "link" })))),
    actions(found),
    h("div", { class: "fields" }, said.map((each) => field(found, each))),
    h("label", { class: "row" }, "Declare ", h("select", { data: { key: `more of ${found.id}` }, onchange: ({ target }) => { if (target.value) set(found, attributes.find((each) => each.name === target.value), null); } },
      option("", "another attribute…"), rest.map((each) => option(each.name, `${each.name}${found.values[each.name] ? ` (${shown(found.values[each.name].value)} by default)` : ""}`)))),
    found.location && h("p", { class: "dim" }, `${found.location.file}:${found.location.line}`),
  ];
}

function field(found, attribute) {
  const { value: now } = found.values[attribute.name], label = `${attribute.name} of ${found.kind} ${found.id}`;
  const before = record(found.kind, found.id, state.start)?.values[attribute.name];
  const changed = record(found.kind, found.id, state.start) && JSON.stringify(before?.value) !== JSON.stringify(now);
  return h("div", { class: `field${changed ? " changed" : ""}` },
    h("span", { class: "what" }, attribute.name), control(attribute, now, label, (value) => set(found, attribute, value)),
    !attribute.required && button("×", () => unset(found, attribute), { class: "small", "aria-label": `Leave ${label} undeclared`, title: "Leave it undeclared", data: { key: `unset ${label}` } }),
    changed && h("span", { class: "dim was" }, before ? `was ${shown(before.value)}` : "was undeclared"));
}

function set(found, attribute, value) {
  change({ set: { [found.kind]: found.id, ...body(found, attribute, value) } });
}

// What a contract covers is set as a whole.
function body(found, attribute, value) {
  const [outer, inner] = attribute.name.split(".");
  if (!inner) return { [outer]: value };
  const covers = {};
  for (const name of ["data", "purposes"]) {
    const known = found.values[`covers.${name}`];
    if (name === inner) covers[name] = value;
    else if (known && !DERIVED.includes(known.given)) covers[name] = known.value;
  }
  return { covers };
}

function unset(found, attribute) {
  const [outer, inner] = attribute.name.split(".");
  if (inner) {
    const other = inner === "data" ? "purposes" : "data", known = found.values[`covers.${other}`];
    change({ set: { [found.kind]: found.id, ...(known ? { covers: { [other]: known.value } } : { unset: ["covers"] }) } });
    return;
  }
  change({ set: { [found.kind]: found.id, unset: [outer] } });
}

function actions(found) {
  const { kind, id } = found;
  const remove = (words) => button(words, () => change({ remove: { [kind]: id } }), { class: "act", data: { key: `remove ${kind} ${id}` } });
  switch (kind) {
    case "flow": return h("div", { class: "row" }, remove("Cut this flow"));
    case "system": return h("div", { class: "row" }, button("Add a flow from here", () => look({ chosen: { kind: "flow", id: "" }, section: "flows", from: id }), { class: "act" }), remove("Remove this system"));
    case "party": return h("div", { class: "row" }, remove("Do without this party"));
    case "contract": return h("div", { class: "row" }, button(`End it on ${today()}`, () => change({ set: { contract: id, until: today() } }), { class: "act", data: { key: `end ${id}` } }), remove("Do without it"));
    default: return null;
  }
}

// A new flow.

const CHOSEN = ["carries", "purposes"];
let draft = {};

export function newFlow() {
  const attributes = Object.fromEntries(state.session.attributes.filter((each) => each.entity === "flow").map((each) => [each.name, each]));
  if (state.from) { draft.from = state.from; state.from = null; }
  const again = () => look({});
  const end = (name) => h("label", {}, name, h("select", { required: true, data: { key: `new ${name}` }, onchange: ({ target }) => { draft[name] = target.value; again(); } },
    option("", "choose…", !draft[name]), terms(attributes[name]).map((each) => option(each, `${each} (${value(record("system", each), "party") ?? "?"})`, each === draft[name]))));
  return h("form", { class: "card open body new-flow", "aria-label": "A new flow", onsubmit: (event) => { event.preventDefault(); add(); } },
    h("label", {}, "id", h("input", { type: "text", value: draft.id ?? fresh(), data: { key: "new id" }, onchange: ({ target }) => { draft.id = target.value.trim(); } })),
    end("from"), end("to"),
    CHOSEN.map((name) => h("div", { class: "field" }, h("span", { class: "what" }, name), control(attributes[name], draft[name] ?? [], `${name} of the new flow`, (given) => { draft[name] = given; again(); }))),
    h("div", { class: "row" }, h("button", { type: "submit", class: "act main", data: { key: "new add" } }, "Add it"), button("Cancel", () => { draft = {}; look({ chosen: null }); })));
}

function fresh() {
  for (let number = 1; ; number += 1) if (!record("flow", `new-flow-${number}`) && !record("flow", `new-flow-${number}`, state.start)) return `new-flow-${number}`;
}

function add() {
  const { from, to } = draft, id = draft.id || fresh();
  if (!from || !to) return;
  const flow = { id, from, to };
  for (const name of CHOSEN) if (draft[name]?.length) flow[name] = draft[name];
  draft = {};
  state.chosen = { kind: "flow", id };
  change({ add: { flow } });
}
