// The list of findings; the chosen one opens and says why: its path, reasons, clause, what is missing, and what would help.

import { Refused, call, isAlone } from "./api.js";
import { button, cards, h, message, plural } from "./dom.js";
import { clear } from "./filters.js";
import { entries, findingFits, isFiltered, record, ruleOf } from "./findings-of.js";
import { change, isChanged, look, state } from "./state.js";
import { visible } from "./visible.js";
import { shown } from "./words.js";

const isWarning = ({ finding }) => finding.severity !== "error";
const SECTIONS = [
  ["goes", "Resolved by the changes", () => true], ["comes", "New with the changes", () => true], ["changes", "Changed", () => true],
  ["violation", "Violations", (each) => !isWarning(each) && each.finding.verdict === "violation"], ["undetermined", "Undetermined", (each) => !isWarning(each) && each.finding.verdict !== "violation"], ["warning", "Warnings", isWarning],
];
const FEW = 8; // so many findings are listed one by one

export function findingsView() {
  const all = entries(), fitting = all.filter(findingFits);
  const found = [];
  if (isFiltered()) found.push(h("p", { class: "dim" }, `${fitting.length} of ${plural(all.length, "finding")} shown. `, button("Clear filters", clear, { class: "link" })));
  if (!all.length) found.push(h("p", { class: "well" }, "Nothing is wrong: on this day, no rule is broken, and no verdict is undetermined."));
  for (const [name, words, fits] of SECTIONS) {
    const mine = fitting.filter((each) => fits(each) && (each.became === "stays") === !BECAME.has(name) && (!BECAME.has(name) || each.became === name));
    if (!mine.length) continue;
    found.push(h("h3", {}, `${words}${isChanged() && !BECAME.has(name) ? ", unchanged" : ""} (${mine.length})`));
    found.push(mine.length <= FEW ? cards(name, openFirst(mine), card, () => look({})) : cards(name, openGroupFirst(grouped(mine)), (each) => group(name, each), () => look({})));
  }
  if (state.delta.went.length) found.push(h("h3", {}, "Also removed"), h("ul", { class: "plain" }, state.delta.went.map((each) => h("li", {}, each))));
  return found;
}

const BECAME = new Set(["goes", "comes", "changes"]);
const unfolded = new Set(); // groups of findings that are open

// Findings with one cause are one group, the others one for each rule; the largest first.
function grouped(mine) {
  const groups = new Map();
  for (const each of mine) {
    const { cause, rule } = each.finding, key = cause ? `cause ${cause.message}` : `rule ${rule}`;
    if (!groups.has(key)) groups.set(key, { key, words: cause?.message ?? (ruleOf(rule)?.title || rule), isCause: Boolean(cause), members: [] });
    groups.get(key).members.push(each);
  }
  return [...groups.values()].sort((one, other) => other.members.length - one.members.length);
}

const holdsChosen = ({ members }) => members.some((each) => each.key === state.chosen?.id);
const openGroupFirst = (groups) => (groups.slice(0, 50).some(holdsChosen) ? groups : [...groups.filter(holdsChosen), ...groups.filter((each) => !holdsChosen(each))]);

function group(section, { key, words, isCause, members }) {
  if (members.length === 1) return card(members[0]);
  const id = `${section} ${key}`, open = unfolded.has(id) || holdsChosen({ members }), rules = new Set(members.map((each) => ruleOf(each.finding.rule)?.title || each.finding.rule));
  const toggle = () => { if (open) unfolded.delete(id); else unfolded.add(id); look(open && holdsChosen({ members }) ? { chosen: null } : {}); };
  return h("li", { class: `group ${members[0].finding.verdict}` },
    h("button", { type: "button", class: "head", "aria-expanded": open, data: { key: `group ${id}`, group: key }, onclick: toggle },
      h("span", { class: "number" }, members.length), h("span", { class: "title" }, message(words)), isCause && h("span", { class: "message" }, [...rules].join("; "))),
    open && cards(id, openFirst(members), card, () => look({})));
}

// What is open is among the first, so that it is seen.
function openFirst(mine) {
  const at = mine.findIndex((each) => state.chosen?.id === each.key);
  return at < 50 ? mine : [mine[at], ...mine.slice(0, at), ...mine.slice(at + 1)];
}

export function card(entry) {
  const { finding, became, was, differs, key } = entry;
  const open = state.chosen?.kind === "finding" && state.chosen.id === key;
  const title = ruleOf(finding.rule)?.title || finding.rule;
  const body = `f-${key.replaceAll(/[^\w-]/g, "_")}`;
  return h("li", { class: `card ${finding.verdict} ${became}${open ? " open" : ""}` },
    h("button", {
      type: "button", class: "head", "aria-expanded": open, "aria-controls": open ? body : null, data: { key: `finding ${key}`, finding: key },
      onclick: () => look({ chosen: open ? null : { kind: "finding", id: key }, tab: "findings" }),
    },
      h("span", { class: `badge ${finding.verdict}` }, finding.verdict), badge(became, was), finding.waived && h("span", { class: "badge" }, "waived"),
      h("span", { class: "title" }, title), h("span", { class: "message" }, message(finding.message)),
      differs && h("span", { class: "message differs" }, differs)),
    open && h("div", { class: "body", id: body }, details(entry)));
}

function badge(became, was) {
  if (became === "changes") return h("span", { class: "badge delta" }, `was ${was.waived ? "waived" : was.verdict}`);
  const words = { comes: "New", goes: "Resolved" }[became];
  return words && h("span", { class: `badge delta ${became}` }, words);
}

function details(entry) {
  const { finding } = entry, rule = ruleOf(finding.rule);
  return [
    finding.cause && [h("h4", {}, "Cause"), h("p", {}, message(finding.cause.message))],
    finding.hops.length > 0 && [h("h4", {}, "Path"), h("ol", { class: "path", "aria-label": "path" }, finding.hops.map((each) => hop(each, entry)))],
    finding.subject.kind === "flow" && !finding.path.includes(finding.subject.id) && subject(entry),
    finding.missing.length > 0 && [h("h4", {}, "Facts that would decide it"), h("ul", { class: "plain" }, finding.missing.map(missing))],
    rule?.clauses.map(clause),
    finding.hint && [h("h4", {}, "Hint"), h("p", {}, message(finding.hint))],
    finding.because.length > 0 && [h("h4", {}, "Because"), h("ul", { class: "because" }, finding.because.map(reason))],
    h("p", { class: "dim" }, [`rule ${finding.rule}`, finding.owner && `owner ${finding.owner}`, where(finding.location)].filter(Boolean).join(" · ")),
    entry.became !== "goes" && !isAlone && [why(finding), fixes(finding)],
  ];
}

export const where = (location) => location && `${location.file}:${location.line}`;

function cut(id, entry) {
  if (isAlone || entry.became === "goes" || !record("flow", id)) return null;
  return button("Remove", () => change({ remove: { flow: id } }), { class: "small", "aria-label": `Remove flow ${id}` });
}

const named = (id, kind) => button(id, () => look({ chosen: { kind, id }, tab: "estate", section: { flow: "flows", system: "systems", party: "parties", contract: "contracts" }[kind] }), { class: "link" });

const hop = (each, entry) => h("li", {}, h("b", {}, each.from), " → ", h("b", {}, each.to), h("span", { class: "by" }, "by ", named(each.flow, "flow"), cut(each.flow, entry)));

function subject(entry) {
  const { id } = entry.finding.subject, flow = record("flow", id) || record("flow", id, state.start);
  return flow && [h("h4", {}, "Flow"), h("p", { class: "by" }, h("b", {}, flow.values.from?.value), " → ", h("b", {}, flow.values.to?.value), " by ", named(id, "flow"), cut(id, entry))];
}

function reason({ test, value, facts }) {
  return h("li", {}, h("code", {}, test), ": ", h("b", { class: `truth ${value}` }, value), facts.length > 0 && h("ul", {}, facts.map((each) =>
    h("li", {}, h("code", {}, each.attribute), each.item ? ` of ${each.item} in ${each.within || "stores"}` : "", ` of ${each.kind === "organisation" ? "the organisation" : `${each.kind} ${each.id}`} is `, h("b", {}, shown(each.value)), each.location && h("span", { class: "dim" }, ` (${where(each.location)})`)))));
}

function missing(each) {
  const kind = each.kind in { flow: 1, system: 1, party: 1, contract: 1 } ? each.kind : null;
  return h("li", {}, message(each.message), " ", kind && button(isAlone ? "Show" : "Edit", () => look({ chosen: { kind, id: each.id }, tab: "estate", section: { flow: "flows", system: "systems", party: "parties", contract: "contracts" }[kind] }), { class: "small", "aria-label": `${isAlone ? "Show" : "Edit"} ${kind} ${each.id}` }));
}

export function clause({ cited, title, text, location }) {
  return [
    h("h4", {}, "Clause ", h("span", { class: "dim" }, [title && title !== text && title, cited].filter(Boolean).join(" · "))),
    text ? h("blockquote", {}, text.split("\n").filter((line) => !line.startsWith("#")).join("\n").trim()) : h("p", { class: "dim" }, "the text of this clause is not available"),
    location && h("p", { class: "dim" }, where(location)),
  ];
}

// The whole tree of a rule, asked for when it is wanted.
function why(finding) {
  const tree = h("div", { class: "tree", "aria-live": "polite" });
  const asked = { changes: state.changes, as_of: state.day, rule: finding.rule, subject: finding.subject.id };
  const ask = async () => {
    try {
      const found = await call("/explain", asked);
      tree.replaceChildren(...found.judged.slice(0, 12).flatMap((pair) => [
        h("p", {}, h("b", {}, [pair.data, pair.purpose && `for ${pair.purpose}`].filter(Boolean).join(" ") || "judged as a whole"), `: ${pair.verdict}`),
        h("ul", {}, node(pair.scope), node(pair.requirement)),
        pair.would_pass_if?.length > 0 && h("p", {}, "would pass if ", pair.would_pass_if.map((way) => way.map((each) => `${each.test}: ${each.value}`).join(" and ")).join("; or ")),
      ].filter(Boolean)));
    } catch (error) {
      tree.textContent = visible(error instanceof Refused ? error.message : String(error));
    }
  };
  return [button("Explain in full", ask, { class: "small", data: { key: "explain" } }), tree];
}

// What would fix a finding: the cheapest changes, each offer with a way to try it; asked for when it is wanted.
function fixes(finding) {
  const into = h("div", { "aria-live": "polite" });
  const asked = { changes: state.changes, as_of: state.day, rule: finding.rule, subject: finding.subject.id };
  const ask = async () => {
    into.replaceChildren(h("p", { class: "dim" }, "Looking for changes…"));
    try {
      const { offers, questions, obstacles, only_by_an_answer: answers } = await call("/repair", asked);
      into.replaceChildren(...[
        questions.length > 0 && h("p", {}, "Check first, because this is not declared: ", questions.flatMap((each) => each.facts.map((fact) => fact.message)).join("; ")),
        ...offers.map((offer, number) => h("div", { class: "offer" }, h("ul", { class: "plain" }, offer.moves.flatMap((move) => [move.words].flat().map((words) => h("li", {}, message(words))))),
          h("div", { class: "row" }, button("Try it", () => change(...offer.changes), { class: "small", "aria-label": `Try offer ${number + 1}`, data: { key: `offer ${number}` } }), h("span", { class: "dim" }, `cost ${offer.cost}`)))),
        obstacles.length > 0 && h("p", {}, message(`No change that is allowed fixes it: ${obstacles.map((each) => each.because).flat().join("; ")}`)),
        !offers.length && !obstacles.length && !questions.length && !answers.length && h("p", {}, "No change that fixes it was found in time."),
      ].filter(Boolean));
    } catch (error) {
      into.textContent = visible(error instanceof Refused ? error.message : String(error));
    }
  };
  return [button("What would fix this?", ask, { class: "small", data: { key: "fixes" } }), into];
}

function node(each) {
  return h("li", {}, h("code", {}, each.text || each.part), ": ", h("b", { class: `truth ${each.value}` }, each.value), each.children.length > 0 && h("ul", {}, each.children.map(node)));
}
