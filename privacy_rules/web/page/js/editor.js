// Changes one entity in place: each attribute as it is declared, another one, what can be done with the whole; and a new flow.

import { announce, button, byId, h, option } from "./dom.js";
import { control, forgetMistake, terms, toMistake } from "./fields.js";
import { keyOf, record, value } from "./findings-of.js";
import { change, listen, look, state, today } from "./state.js";
import { visible } from "./visible.js";
import { shown } from "./words.js";

const DERIVED = ["policy default", "built-in default", "manifest default", "shared default"];

const aboutIt = (bad) => bad.length > 0 && h("ul", { class: "plain" }, bad.map(({ finding }) => h("li", {}, button(finding.message, () => look({ chosen: { kind: "finding", id: keyOf(finding) }, tab: "findings" }), { class: "link" }))));

const placeOf = (found) => found.location && h("p", { class: "dim" }, `${found.location.file}:${found.location.line}`);

// The same where nothing can be changed.
export function declared(found, bad) {
  const said = Object.entries(found.values);
  return [
    aboutIt(bad),
    h("dl", { class: "fields" }, said.map(([name, { value: now, given }]) => h("div", { class: "field" }, h("dt", { class: "what" }, name), h("dd", {}, shown(now), DERIVED.includes(given) && h("span", { class: "dim" }, ` (${given})`))))),
    placeOf(found),
  ];
}

export function editor(found, bad) {
  const attributes = state.session.attributes.filter((each) => each.entity === found.kind);
  const said = attributes.filter((each) => found.values[each.name]);
  const rest = attributes.filter((each) => !said.includes(each));
  return [
    aboutIt(bad),
    actions(found),
    h("div", { class: "fields" }, said.map((each) => field(found, each))),
    h("label", { class: "row" }, "Declare ", h("select", { data: { key: `more of ${found.id}` }, onchange: ({ target }) => { if (target.value) set(found, attributes.find((each) => each.name === target.value), null); } },
      option("", "another attribute…"), rest.map((each) => option(each.name, each.name)))),
    placeOf(found),
  ];
}

function field(found, attribute) {
  const { value: now, given } = found.values[attribute.name], isDefault = DERIVED.includes(given), label = `${attribute.name} of ${found.kind} ${found.id}`;
  const before = record(found.kind, found.id, state.start)?.values[attribute.name];
  const changed = record(found.kind, found.id, state.start) && JSON.stringify(before?.value) !== JSON.stringify(now);
  return h("div", { class: `field${changed ? " changed" : ""}` },
    h("span", { class: "what" }, attribute.name), control(attribute, now, label, (value) => set(found, attribute, value)),
    !attribute.required && !isDefault && button("×", () => unset(found, attribute), { class: "small", "aria-label": `Make ${label} undeclared`, title: "Make it undeclared", data: { key: `unset ${label}` } }),
    isDefault && h("span", { class: "dim was" }, given),
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
    case "flow": return h("div", { class: "row" }, remove("Remove this flow"));
    case "system": return h("div", { class: "row" }, button("Add a flow from here", () => look({ chosen: { kind: "flow", id: "" }, section: "flows", from: id }), { class: "act" }), remove("Remove this system"));
    case "party": return h("div", { class: "row" }, remove("Remove this party"));
    case "contract": return h("div", { class: "row" }, button(`End this contract on ${today()}`, () => change({ set: { contract: id, until: today() } }), { class: "act", data: { key: `end ${id}` } }), remove("Remove this contract"));
    default: return null;
  }
}

// A new flow.

const CHOSEN = ["carries", "purposes"];
const labelOf = (name) => `${name} of the new flow`;
let draft = {};
let handed = null; // what was added last, as it was filled in: where the server refuses it, nothing of it is lost

listen((what) => {
  if (what === "refused" && handed) {
    [draft, handed] = [handed, null];
    Object.assign(state, { chosen: { kind: "flow", id: "" }, tab: "estate", section: "flows" });
  } else if (what === "judged") handed = null;
});

export function newFlow() {
  const attributes = Object.fromEntries(state.session.attributes.filter((each) => each.entity === "flow").map((each) => [each.name, each]));
  if (state.from) { draft.from = state.from; state.from = null; }
  const again = () => look({});
  const end = (name) => h("label", {}, name, h("select", { required: true, data: { key: `new ${name}` }, onchange: ({ target }) => { draft[name] = target.value; again(); } },
    option("", "choose…", !draft[name]), terms(attributes[name]).map((each) => option(each, `${each} (${value(record("system", each), "party") ?? "?"})`, each === draft[name]))));
  return h("form", { class: "card open body new-flow", "aria-label": "A new flow", onsubmit: (event) => { event.preventDefault(); add(); } },
    idField(),
    end("from"), end("to"),
    CHOSEN.map((name) => h("div", { class: "field" }, h("span", { class: "what" }, name), control(attributes[name], draft[name] ?? [], labelOf(name), (given) => { draft[name] = given; again(); }))),
    h("div", { class: "row" }, h("button", { type: "submit", class: "act main", data: { key: "new add" } }, "Add this flow"), button("Cancel", () => { clear(); look({ chosen: null }); })));
}

// Reported in place and while it is typed: if the layout moved when the field loses the focus, the next click would miss.
function idField() {
  const told = h("p", { class: "wrong", id: "new-flow-id-wrong", hidden: true });
  const input = h("input", { type: "text", id: "new-flow-id", value: draft.id ?? fresh(), data: { key: "new id" }, oninput: () => { draft.id = input.value.trim(); tellWrong(); } });
  const tellWrong = () => {
    const wrong = wrongId();
    if (wrong && told.hidden) announce(wrong);
    told.textContent = visible(wrong);
    told.hidden = !wrong;
    for (const [name, value] of [["aria-invalid", "true"], ["aria-describedby", told.id]]) {
      if (wrong) input.setAttribute(name, value);
      else input.removeAttribute(name);
    }
  };
  tellWrong();
  return [h("label", {}, "id", input), told];
}

function fresh() {
  for (let number = 1; ; number += 1) if (!record("flow", `new-flow-${number}`) && !record("flow", `new-flow-${number}`, state.start)) return `new-flow-${number}`;
}

const wrongId = () => (draft.id && record("flow", draft.id) ? `a flow “${draft.id}” already exists` : "");

function clear() {
  draft = {};
  for (const name of CHOSEN) forgetMistake(labelOf(name));
}

// Adds what is filled in, if nothing in it is a mistake: else goes to the field.
function add() {
  const { from, to } = draft, id = draft.id || fresh();
  if (!from || !to) return;
  if (wrongId()) { byId("new-flow-id").focus(); announce(wrongId()); return; }
  if (toMistake(CHOSEN.map(labelOf))) return;
  const flow = { id, from, to };
  for (const name of CHOSEN) if (draft[name]?.length) flow[name] = draft[name];
  handed = draft;
  clear();
  state.chosen = { kind: "flow", id };
  change({ add: { flow } });
}
