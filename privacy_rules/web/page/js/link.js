// The state in the address, after the #, which no browser sends to a server, or in a file: changes, day, scenarios, what is looked at. The token is in neither.

import { isAlone } from "./api.js";
import { canShowAll, groupKeys, usualView } from "./grouping.js";
import { state } from "./state.js";

export function read(fragment) {
  const parts = new URLSearchParams(fragment.replace(/^#/, ""));
  return { token: parts.get("token"), shared: decode(parts.get("s")) };
}

function decode(text) {
  if (!text) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
    const found = JSON.parse(new TextDecoder().decode(bytes));
    return isState(found) ? found : null;
  } catch { return null; }
}

export const isState = (each) => each !== null && typeof each === "object" && !Array.isArray(each);

function encode(value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const text = Array.from(bytes, (each) => String.fromCharCode(each)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

// What a link or a file holds: nothing of the server, so that it works with whatever explores the same manifests.
export function shareable() {
  const filters = Object.fromEntries(Object.entries(state.filters).filter(([, value]) => value));
  return {
    changes: state.changes.length ? state.changes : undefined,
    day: state.day ?? undefined,
    scenarios: state.scenarios.length ? state.scenarios : undefined,
    chosen: state.chosen ?? undefined,
    filters: Object.keys(filters).length ? filters : undefined,
    tab: state.tab === "findings" ? undefined : state.tab,
    view: isUsual() ? undefined : { by: state.view.by, open: state.view.open, all: state.view.all },
  };
}

export function fragment() {
  const kept = shareable();
  return JSON.stringify(kept) === "{}" ? "" : `#s=${encode(kept)}`;
}

const isUsual = () => { const { by, all } = usualView(); return !state.view.open.length && state.view.all === all && state.view.by.join() === by.join(); };

// What a link says, as far as it has the form of a state: it may come from anybody.
export function adopt(shared) {
  if (!shared) return;
  const isText = (each) => typeof each === "string";
  const isSet = (each) => Array.isArray(each) && each.every((one) => one && typeof one === "object");
  if (!isAlone && isSet(shared.changes)) state.changes = shared.changes;
  if (!isAlone && isText(shared.day)) state.day = shared.day;
  if (Array.isArray(shared.scenarios)) {
    state.scenarios = shared.scenarios.filter((each) => each && isText(each.name) && isSet(each.changes))
      .map((each) => ({ name: each.name, changes: each.changes, day: isText(each.day) ? each.day : null }));
  }
  if (shared.chosen && isText(shared.chosen.kind) && isText(shared.chosen.id)) state.chosen = { kind: shared.chosen.kind, id: shared.chosen.id };
  for (const name of Object.keys(state.filters)) if (isText(shared.filters?.[name])) state.filters[name] = shared.filters[name];
  const keys = groupKeys(), by = [shared.view?.by ?? []].flat().filter((each) => keys.includes(each));
  if (by.length) state.view = { by, open: [shared.view.open ?? []].flat().filter(isText), all: shared.view.all === true && canShowAll(), focus: [] };
  if (["findings", "rules", "estate", ...(isAlone ? [] : ["changes"])].includes(shared.tab)) state.tab = shared.tab;
}

export function write() {
  history.replaceState(null, "", fragment() || location.pathname);
}
