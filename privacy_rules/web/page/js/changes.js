// What was changed; scenarios that are kept, compared and saved as change sets.

import { Refused, call } from "./api.js";
import { announce, button, h, option, plural, put, trouble } from "./dom.js";
import { keyOf, ruleOf } from "./findings-of.js";
import { isChanged, look, state, tryOut } from "./state.js";
import { visible } from "./visible.js";
import { asJson, asYaml, told, whole } from "./words.js";

const START = "without changes", NOW = "current changes";
let compared = { one: START, other: NOW, found: null };

export function changesView() {
  return [h("h3", {}, "Current changes"), now(), h("h3", {}, "Scenarios"), kept(), state.scenarios.length + Number(isChanged()) > 0 && [h("h3", {}, "Compare"), comparison()]];
}

const current = () => ({ changes: state.changes, day: state.day });

function now() {
  if (!isChanged()) return h("p", { class: "dim" }, "Nothing is changed. Cut or add a flow, change a role, end a contract, or choose another day: the findings change at once.");
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

function comparison() {
  const names = [START, NOW, ...state.scenarios.map((each) => each.name)];
  const pick = (side) => h("select", { "aria-label": side === "one" ? "First scenario" : "Second scenario", data: { key: `compare ${side}` }, onchange: ({ target }) => { compared = { ...compared, [side]: target.value, found: null }; look({}); } }, names.map((each) => option(each, each, each === compared[side])));
  const result = h("div", { id: "comparison" });
  if (compared.found) put(result, table(compared.found));
  return [h("div", { class: "row" }, pick("one"), " with ", pick("other"), button("Compare", () => compare(result), { data: { key: "compare" } })), result];
}

function scenario(name) {
  if (name === START) return { changes: [], day: null };
  return name === NOW ? current() : state.scenarios.find((each) => each.name === name) || { changes: [], day: null };
}

async function compare(into) {
  try {
    const [one, other] = await Promise.all([compared.one, compared.other].map((name) => { const { changes, day } = scenario(name); return call("/check", { changes, as_of: day }); }));
    compared.found = { one, other, names: [compared.one, compared.other] };
    put(into, table(compared.found));
    announce(`${one.findings.length} and ${other.findings.length} findings`);
  } catch (error) {
    into.textContent = visible(error instanceof Refused ? error.message : String(error));
  }
}

function table({ one, other, names }) {
  const of = ({ findings }) => new Map(findings.map((each) => [keyOf(each), each]));
  const [left, right] = [of(one), of(other)];
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  const cell = (found) => h("td", {}, found ? h("span", { class: `badge ${found.verdict}` }, found.waived ? "waived" : found.verdict) : h("span", { class: "dim" }, "–"));
  const row = (key) => { const found = left.get(key) || right.get(key); return h("tr", { class: left.get(key)?.verdict === right.get(key)?.verdict ? "" : "differs" }, h("th", { scope: "row" }, ruleOf(found.rule)?.title || found.rule, h("span", { class: "dim" }, ` ${found.subject.kind} ${found.subject.id}`)), cell(left.get(key)), cell(right.get(key))); };
  return h("table", {}, h("caption", {}, `${names[0]} (${one.as_of}) compared with ${names[1]} (${other.as_of})`),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Finding"), h("th", { scope: "col" }, names[0]), h("th", { scope: "col" }, names[1]))),
    h("tbody", {}, keys.length ? keys.map(row) : h("tr", {}, h("td", { colspan: 3 }, "Neither has findings."))));
}
