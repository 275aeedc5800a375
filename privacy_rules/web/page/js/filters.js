// By party, data, purpose, rule, verdict and words: what does not fit is left out of lists and pales in the graph; how many findings that are is told.

import { byId, h, option, put } from "./dom.js";
import { ANY } from "./findings-of.js";
import { groupKeys } from "./grouping.js";
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
  put(byId("filters"), h("input", { type: "search", "aria-label": "Filter by words", placeholder: "Filter  ( / )", value: state.filters.words, data: { key: "filter words" }, oninput: set("words") }), grouping(), Object.keys(choices).map(pick));
}

// By what systems are grouped, first and then.
function grouping() {
  const { by } = state.view, keys = groupKeys();
  const pick = (place, label, none) => h("select", { id: place ? "then-by" : "group-by", "aria-label": label, data: { key: label }, onchange: ({ target }) => see({ by: [...by.slice(0, place), target.value, ...by.slice(place + 1)].filter((each, at, some) => each && some.indexOf(each) === at), open: [], focus: [] }) },
    none && option("", none, !by[place]), keys.filter((each) => place === 0 || each !== by[0]).map((each) => option(each, `${place ? "then " : "by "}${each}`, each === by[place])));
  return [pick(0, "Group systems by"), pick(1, "Then group by", "then nothing")];
}

export const clear = () => look({ filters: Object.fromEntries(Object.keys(state.filters).map((name) => [name, ""])) });

export const begin = () => byId("filters").addEventListener("submit", (event) => event.preventDefault());
