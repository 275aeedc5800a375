// The rules: how each fares, its clause, its hint, and its findings.

import { button, h, plural } from "./dom.js";
import { clause, where } from "./findings.js";
import { entries } from "./findings-of.js";
import { look, state } from "./state.js";

export function rulesView() {
  const counts = new Map(state.delta.after.rules.map((each) => [each.name, each]));
  const shown = state.session.rules.filter((each) => (!state.filters.rule || each.name === state.filters.rule) && fits(each));
  const [rules, permits] = [shown.filter((each) => each.statement !== "permit"), shown.filter((each) => each.statement === "permit")];
  const grade = (each) => { const count = counts.get(each.name); return count ? (count.violations ? 2 : count.undetermined ? 1 : 0) : -1; };
  const cards = (some) => h("ul", { class: "cards" }, some.map((each) => card(each, counts.get(each.name))));
  return [
    h("h3", { class: "unseen" }, "Rules"),
    h("p", { class: "dim", id: "rules-counted" }, `${[plural(rules.length, "rule"), permits.length && plural(permits.length, "permit")].filter(Boolean).join(" and ")} of ${state.session.policies.join(", ")}.`),
    cards(rules.sort((a, b) => grade(b) - grade(a))),
    permits.length > 0 && [h("h3", {}, "Permits"), cards(permits)],
  ];
}

const fits = (rule) => state.filters.words.toLowerCase().split(/\s+/).filter(Boolean).every((word) => `${rule.name} ${rule.title}`.toLowerCase().includes(word));

function card(rule, count) {
  const open = state.chosen?.kind === "rule" && state.chosen.id === rule.name;
  const verdict = !count ? "" : count.violations ? "violation" : count.undetermined ? "undetermined" : "";
  const figures = count ? fared(rule, count) : rule.statement === "permit" ? `lifts ${rule.lifts.join(", ")}` : "not in force on this day";
  return h("li", { class: `card ${verdict}${open ? " open" : ""}` },
    h("button", { type: "button", class: "head", "aria-expanded": open, data: { key: `rule ${rule.name}` }, onclick: () => look({ chosen: open ? null : { kind: "rule", id: rule.name } }) },
      verdict && h("span", { class: `badge ${verdict}` }, verdict), h("span", { class: "title" }, rule.title || rule.name), h("span", { class: "message" }, figures)),
    open && h("div", { class: "body" }, about(rule)));
}

// Kept is a rule only by what it speaks of: those that its kind and limits leave out are counted apart.
function fared({ kind }, { subjects, applies, violations, undetermined }) {
  const many = (number) => plural(number, kind, kind === "party" ? "parties" : `${kind}s`);
  if (!applies) return `applies to none of ${many(subjects)}`;
  const kept = `applies to ${many(applies)}: ${(applies - violations - undetermined).toLocaleString("en")} compliant`;
  const others = subjects > applies && `${plural(subjects - applies, "other")} not in scope`;
  return [violations && plural(violations, "violation"), undetermined && `${undetermined} undetermined`, kept, others].filter(Boolean).join(", ");
}

function about(rule) {
  const mine = entries().filter((each) => each.finding.rule === rule.name && each.became !== "goes");
  return [
    h("p", { class: "dim" }, `${rule.name} · ${rule.severity} · ${where(rule.location)}`),
    rule.clauses.map(clause),
    rule.hint && [h("h4", {}, "Hint"), h("p", {}, rule.hint)],
    mine.length > 0 && [h("h4", {}, "Findings"), h("ul", { class: "plain" }, mine.map((each) => h("li", {}, button(each.finding.message, () => look({ chosen: { kind: "finding", id: each.key }, tab: "findings" }), { class: "link" }))))],
  ];
}
