// By party, data, purpose, rule, verdict and words: what does not fit is left out of lists and pales in the graph; how many findings that are is told.

import { byId, h, option, put } from "./dom.js";
import { ANY } from "./findings-of.js";
import { look, see, state } from "./state.js";

export function showFilters() {
  const terms = (name) => (state.session.vocabularies[name] || []).map((each) => each.term);
  const choices = {
    party: [...new Set([...state.start.parties, ...state.estate.parties].map((each) => each.id))],
    data: terms("data"),
    purpose: terms("purpose"),
    rule: state.session.rules.filter((each) => each.statement !== "permit").map((each) => each.name),
    verdict: ["violation", "undetermined", ANY],
  };
  const set = (name) => ({ target }) => look({ filters: { ...state.filters, [name]: target.value } });
  const pick = (name) => h("select", { "aria-label": `Filter by ${name}`, class: state.filters[name] ? "on" : "", data: { key: `filter ${name}` }, onchange: set(name) },
    option("", `any ${name}`, !state.filters[name]), choices[name].map((each) => option(each, each, each === state.filters[name])));
  put(byId("filters"), h("input", { type: "search", "aria-label": "Filter by words", placeholder: "Filter  ( / )", value: state.filters.words, data: { key: "filter words" }, oninput: set("words") }), views(), Object.keys(choices).map(pick));
}

function views() {
  const { view, views: offered } = state.picture, now = view.join("\n"), isOther = !offered.some((each) => each.id === now);
  const words = view.every((each) => /^(finding|system):/.test(each)) ? "what is chosen" : "some parties unfolded";
  return h("select", { id: "shown", "aria-label": "What the picture shows", data: { key: "view" }, onchange: ({ target }) => see(target.value ? [target.value] : []) },
    offered.map((each) => option(each.id, each.title, each.id === now)), isOther && option(now, words, true));
}

export const clear = () => look({ filters: Object.fromEntries(Object.keys(state.filters).map((name) => [name, ""])) });

export const begin = () => byId("filters").addEventListener("submit", (event) => event.preventDefault());
