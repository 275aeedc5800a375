// What was changed; scenarios that are kept, compared and saved as change sets.

import { Refused, call } from "./api.js";
import { announce, button, h, plural, put, trouble } from "./dom.js";
import { keyOf, ruleOf } from "./findings-of.js";
import { adopt, isState, shareable } from "./link.js";
import { isChanged, look, state, tell, tryOut } from "./state.js";
import { visible } from "./visible.js";
import { asJson, asYaml, told, whole } from "./words.js";

const START = "without changes", NOW = "current changes";
const compared = { names: null, found: null }; // the scenarios that are chosen (null: all), and their findings

export function changesView() {
  return [h("h3", {}, "Current changes"), now(), h("h3", {}, "Scenarios"), kept(), state.scenarios.length + Number(isChanged()) > 0 && [h("h3", {}, "Compare"), comparison()], h("h3", {}, "What changes later"), later(), h("h3", {}, "Share"), sharing()];
}

const current = () => ({ changes: state.changes, day: state.day });

function now() {
  if (!isChanged()) return h("p", { class: "dim" }, "Nothing is changed. Remove or add a flow, change a role, end a contract, or choose another day: the findings change at once.");
  const day = state.day && state.day !== state.session.as_of;
  return [
    h("ol", { class: "changes" }, state.changes.map((each, number) => h("li", {}, told(each), button("×", () => tryOut({ changes: state.changes.filter((_, other) => other !== number) }), { class: "small", "aria-label": `Undo: ${told(each)}`, data: { key: `back ${number}` } }))),
      day && h("li", {}, `on ${state.day}`, button("×", () => tryOut({ day: null }), { class: "small", "aria-label": "Undo the change of day" }))),
    h("form", { class: "row", onsubmit: keep }, h("label", {}, "Keep as ", h("input", { type: "text", name: "name", required: true, maxlength: 80, placeholder: "a name", data: { key: "keep name" } })), h("button", { type: "submit", data: { key: "keep" } }, "Keep")),
    h("div", { class: "row" }, saving("what-if", current()), button("Discard all changes", () => tryOut({ changes: [], day: null }), { data: { key: "reset" } })),
  ];
}

function keep(event) {
  event.preventDefault();
  const name = new FormData(event.target).get("name").trim();
  if (!name) return;
  const scenarios = [...state.scenarios.filter((each) => each.name !== name), { name, ...current() }];
  announce(`kept as ${name}`);
  look({ scenarios });
}

function saving(name, scenario) {
  const set = whole(scenario, state.session.as_of);
  const heading = `privacy-rules what-if: ${state.session.name || state.session.policies.join(", ")}`;
  return [
    button("Save as YAML", () => download(`${name}.yaml`, asYaml(set, heading), "application/yaml"), { data: { key: `yaml ${name}` }, "aria-label": `Save ${name} as a change set in YAML` }),
    button("JSON", () => download(`${name}.json`, asJson(set), "application/json"), { data: { key: `json ${name}` }, "aria-label": `Save ${name} as a change set in JSON` }),
    button("Save as patch", () => savePatch(name, set), { data: { key: `patch ${name}` }, "aria-label": `Save ${name} as a patch to the manifests` }),
  ];
}

async function savePatch(name, changes) {
  try {
    const { patch } = await call("/patch", { changes });
    trouble("");
    if (patch) download(`${name}.patch`, patch, "text/x-patch");
    announce(patch ? `saved ${name} as a patch` : "the manifests already say this");
  } catch (error) {
    trouble(error instanceof Refused ? error.message : String(error));
  }
}

function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = h("a", { href: url, download: name.replaceAll(/[^\w.-]+/g, "-") });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function kept() {
  if (!state.scenarios.length) return h("p", { class: "dim" }, "No scenario has been kept yet.");
  return h("ul", { class: "cards" }, state.scenarios.map((each) => h("li", { class: "card open" }, h("div", { class: "body" },
    h("b", {}, each.name), h("span", { class: "dim" }, ` ${plural(whole(each, state.session.as_of).length, "change")}`),
    h("div", { class: "row" },
      button("Try it", () => tryOut({ changes: each.changes, day: each.day }), { "aria-label": `Try ${each.name}`, data: { key: `try ${each.name}` } }), saving(each.name, each),
      button("×", () => look({ scenarios: state.scenarios.filter((other) => other !== each) }), { class: "small", "aria-label": `Delete ${each.name}` }))))));
}

const names = () => [START, ...(isChanged() ? [NOW] : []), ...state.scenarios.map((each) => each.name)];
const picked = () => names().filter((each) => !compared.names || compared.names.includes(each));

function comparison() {
  const pick = (name) => h("label", {}, h("input", { type: "checkbox", checked: picked().includes(name), data: { key: `compare ${name}` }, onchange: ({ target }) => { compared.names = target.checked ? [...picked(), name] : picked().filter((each) => each !== name); compared.found = null; look({}); } }), ` ${name}`);
  const result = h("div", { id: "comparison" });
  if (compared.found) put(result, table(compared.found));
  return [h("div", { class: "row" }, names().map(pick)), h("div", { class: "row" }, button("Compare", () => compare(result), { disabled: picked().length < 2, data: { key: "compare" } })), result];
}

function scenario(name) {
  if (name === START) return { changes: [], day: null };
  return name === NOW ? current() : state.scenarios.find((each) => each.name === name) || { changes: [], day: null };
}

async function compare(into) {
  try {
    const found = [];
    for (const name of picked()) { // the server judges one at a time
      const { changes, day } = scenario(name);
      found.push({ name, ...await call("/check", { changes, as_of: day }) });
    }
    compared.found = found;
    put(into, table(found));
    announce(`${plural(differing(found).length, "finding")} differ`);
  } catch (error) {
    into.textContent = visible(error instanceof Refused ? error.message : String(error));
  }
}

const verdictOf = (found) => (found ? (found.waived ? "waived" : found.verdict) : "–");

// The findings that are not the same in all scenarios: [finding, its verdict in each].
function differing(found) {
  const by = found.map(({ findings }) => new Map(findings.map((each) => [keyOf(each), each]))), keys = [...new Set(by.flatMap((each) => [...each.keys()]))];
  const rows = keys.map((key) => [by.find((each) => each.has(key)).get(key), by.map((each) => verdictOf(each.get(key)))]);
  return rows.filter(([, verdicts]) => new Set(verdicts).size > 1);
}

function table(found) {
  const rows = differing(found);
  if (!rows.length) return h("p", { class: "dim" }, "The findings are the same in all of them.");
  const cell = (verdict) => h("td", {}, verdict === "–" ? h("span", { class: "dim" }, verdict) : h("span", { class: `badge ${verdict}` }, verdict));
  return h("div", { class: "wide" }, h("table", {}, h("caption", {}, `Only what differs: ${plural(rows.length, "finding")}`),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Finding"), found.map((each) => h("th", { scope: "col" }, each.name, h("span", { class: "dim" }, ` ${each.as_of}`))))),
    h("tbody", {}, rows.map(([each, verdicts]) => h("tr", {}, h("th", { scope: "row" }, ruleOf(each.rule)?.title || each.rule, h("span", { class: "dim" }, ` ${each.subject.kind} ${each.subject.id}`)), verdicts.map(cell))))));
}

let ahead = { of: null, days: null }; // the days of the next year on which verdicts change, and the changes that they are of

function later() {
  const of = JSON.stringify([state.changes, state.day]), into = h("div", { id: "later" });
  const show = () => put(into, ahead.days.length ? h("ul", { class: "plain" }, ahead.days.map(dayAhead)) : h("p", { class: "dim" }, "No verdict changes within a year."));
  if (ahead.of === of) { show(); return into; }
  const ask = async () => {
    try {
      ahead = { of, days: (await call("/forecast", { changes: state.changes, as_of: state.day })).days };
      show();
      announce(`${plural(ahead.days.length, "day")} on which verdicts change`);
    } catch (error) {
      into.textContent = visible(error instanceof Refused ? error.message : String(error));
    }
  };
  return [button("Look a year ahead", ask, { data: { key: "ahead" } }), into];
}

function dayAhead({ day, events, changes }) {
  const [bad, good] = [changes.filter((each) => each.after !== "compliant").length, changes.filter((each) => each.after === "compliant").length];
  return h("li", {}, button(day, () => tryOut({ day: day === state.session.as_of ? null : day }), { class: "link", "aria-label": `Go to ${day}`, data: { key: `ahead ${day}` } }), `: ${[bad && `${bad} new or changed`, good && `${good} resolved`].filter(Boolean).join(", ")} `, h("span", { class: "dim" }, events.map((each) => each.message).join("; ")));
}

// The state as a file, for whoever explores the same manifests elsewhere.
function sharing() {
  const open = async ({ target }) => {
    try {
      const shared = JSON.parse(await target.files[0].text());
      if (!isState(shared)) throw new SyntaxError("not a state");
      trouble("");
      tryOut({ changes: [], day: null });
      adopt(shared);
      tell("tried");
    } catch { trouble("this file does not hold the state of an explorer: save one with “Save as a file”"); }
  };
  return [h("p", { class: "dim" }, "A link and a file hold changes, day, scenarios and view, and no token: they work in any explorer of the same manifests."),
    h("div", { class: "row" }, button("Save as a file", () => download("explore.json", asJson(shareable()), "application/json"), { data: { key: "save state" } }),
      h("label", {}, "Open a file ", h("input", { type: "file", accept: "application/json,.json", data: { key: "open state" }, onchange: open })))];
}
