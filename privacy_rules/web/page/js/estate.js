// What is declared, by kind, each to be looked at and changed in place.

import { isAlone } from "./api.js";
import { button, cards, h, option, plural } from "./dom.js";
import { declared, editor, newFlow } from "./editor.js";
import { entries, flowFits, isFiltered, listed, record, value } from "./findings-of.js";
import { look, state } from "./state.js";

const SECTIONS = { parties: "party", systems: "system", flows: "flow", contracts: "contract", organisation: "organisation" };

export function estateView() {
  const { section } = state, kind = SECTIONS[section], only = section === "flows" ? state.only : null;
  const now = state.estate[section], before = state.start[section].filter((each) => !record(kind, each.id));
  const all = [...now, ...before].sort((one, other) => (one.id < other.id ? -1 : 1));
  const fitting = all.filter((each) => (only ? only.flows.includes(each.id) : fits(kind, each)) || isChosen(each));
  return [
    h("h3", { class: "unseen" }, "What is declared"),
    h("div", { class: "row" },
      h("label", {}, "Show ", h("select", { data: { key: "section" }, onchange: ({ target }) => look({ section: target.value, chosen: null, only: null }) }, Object.keys(SECTIONS).map((each) => option(each, each, each === section)))),
      h("span", { class: "dim" }, isFiltered() || only ? `${fitting.length} of ${all.length}` : plural(all.length, kind === "party" ? "party" : kind, kind === "party" ? "parties" : `${kind}s`)),
      section === "flows" && !isAlone && button("Add a flow", () => look({ chosen: { kind: "flow", id: "" } }), { data: { key: "add flow" } })),
    only && h("p", {}, `${only.title} `, button("Show all flows", () => look({ only: null, chosen: null }), { class: "link", data: { key: "all flows" } })),
    state.chosen?.kind === "flow" && state.chosen.id === "" && newFlow(),
    cards(section, openFirst(fitting), (each) => card(kind, each), () => look({})),
  ];
}

function openFirst(mine) {
  const at = mine.findIndex(isChosen);
  return at < 50 ? mine : [mine[at], ...mine.slice(0, at), ...mine.slice(at + 1)];
}

const isChosen = (each) => state.chosen?.id === each.id;

function fits(kind, each) {
  if (kind === "flow") return flowFits(each, record("flow", each.id) ? state.estate : state.start);
  const { party, words } = state.filters;
  const mine = { party: [each.id], system: [value(each, "party")], contract: [...listed(each, "with"), ...listed(each, "between")] }[kind] || [];
  const text = [each.id, ...mine, ...listed(each, "role"), ...listed(each, "stores")].join(" ").toLowerCase();
  return (!party || mine.includes(party)) && words.toLowerCase().split(/\s+/).filter(Boolean).every((word) => text.includes(word));
}

function card(kind, each) {
  const open = state.chosen?.kind === kind && isChosen(each);
  const there = record(kind, each.id), isNew = !record(kind, each.id, state.start);
  const bad = entries().filter((one) => one.became !== "goes" && (one.finding.subject.id === each.id && family(one.finding.subject.kind) === kind));
  const verdict = bad.some((one) => one.finding.verdict === "violation") ? "violation" : bad.length ? "undetermined" : "";
  return h("li", { class: `card ${verdict}${open ? " open" : ""}${there ? "" : " goes"}` },
    h("button", { type: "button", class: "head", "aria-expanded": open, data: { key: `${kind} ${each.id}` }, onclick: () => look({ chosen: open ? null : { kind, id: each.id } }) },
      verdict && h("span", { class: `badge ${verdict}` }, verdict), !there && h("span", { class: "badge delta goes" }, "removed"), isNew && h("span", { class: "badge delta comes" }, "new"),
      h("span", { class: "title" }, kind === "organisation" ? "the organisation" : each.id), h("span", { class: "message" }, summary(kind, each))),
    open && h("div", { class: "body" }, there ? (isAlone ? declared : editor)(there, bad) : h("p", { class: "dim" }, "The current changes remove it. Undo restores it.")));
}

const family = (kind) => ({ storage: "system", joining: "system", use: "system", derivation: "system" })[kind] || kind;

function summary(kind, each) {
  switch (kind) {
    case "flow": return `${value(each, "from")} → ${value(each, "to")}: ${listed(each, "carries").join(", ") || "data unknown"}${listed(each, "purposes").length ? ` for ${listed(each, "purposes").join(", ")}` : ""}`;
    case "system": return `${value(each, "party") ?? "party unknown"}${listed(each, "stores").length ? `, stores ${listed(each, "stores").join(", ")}` : ""}`;
    case "party": return listed(each, "role").join(", ") || "role unknown";
    case "contract": return `with ${[...listed(each, "with"), ...listed(each, "between")].join(", ")}${value(each, "until") ? `, until ${value(each, "until")}` : ""}`;
    default: return "";
  }
}
