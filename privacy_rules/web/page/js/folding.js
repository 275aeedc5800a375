// The picture of what is looked at, without coordinates: open groups are frames, others one box, and all flows between two boxes one arrow.

import { about, entries, flowsNow, listed, record, systemsNow, value } from "./findings-of.js";
import { tree } from "./grouping.js";
import { state } from "./state.js";

const GRADES = ["fine", "undetermined", "violation"], MOST_NOTES = 20;
const AT_SYSTEM = new Set(["system", "storage", "joining", "use", "derivation"]);
const worse = (one, other) => Math.max(one ?? 0, other ?? 0);
const plural = (count, one) => `${count.toLocaleString("en")} ${count === 1 ? one : `${one}s`}`;

let marked = { of: null };

// The findings of each system and flow: {systems, flows, paths}. `paths` has the grade of the worst witness path that uses a flow.
function marks() {
  if (marked.of === state.delta) return marked;
  marked = { of: state.delta, systems: new Map(), flows: new Map(), paths: new Map() };
  const add = (into, id, finding) => into.set(id, [...(into.get(id) ?? []), finding]);
  for (const { finding, became } of entries()) {
    if (became === "goes" || finding.waived) continue;
    if (finding.subject.kind === "flow") add(marked.flows, finding.subject.id, finding);
    else if (AT_SYSTEM.has(finding.subject.kind)) add(marked.systems, finding.subject.id, finding);
    for (const flow of finding.path) marked.paths.set(flow, worse(marked.paths.get(flow), GRADES.indexOf(finding.verdict)));
  }
  return marked;
}

const gradeOf = (findings) => (findings ?? []).reduce((worst, each) => worse(worst, GRADES.indexOf(each.verdict)), 0);
const notesOf = (findings) => (findings ?? []).map((each) => `${each.verdict}: ${each.message}`);
const changeOf = (kind, id) => (!record(kind, id) ? "cut" : state.estate !== state.start && !record(kind, id, state.start) ? "new" : "");

// `how`: {most, roles, arrows: how many are drawn}. `focus`: systems that are taken out of their groups, with the rest left aside.
export function picture(how, focus) {
  const { view } = state, found = { groups: [], boxes: [], arrows: [], about: "" }, home = new Map(), open = new Set(view.open);
  const isOpen = (node) => (view.all ? !open.has(`-${node.key}`) : open.has(node.key));
  const holds = (node) => node.systems.some((each) => focus.has(each.id)) || node.children.some((each) => !each.isSystem && (open.has(each.key) || holds(each)));
  const put = (nodes, group) => {
    for (const node of nodes) {
      const inFocus = holds(node);
      if (node.isSystem || node.systems.length === 1 || !(isOpen(node) || inFocus)) { addBox(found, home, node, group); continue; }
      found.groups.push({ id: node.key, parent: group, label: node.label, words: node.words, rank: node.rank });
      const rest = isOpen(node) ? [] : node.children.filter((each) => !holds(each) && !open.has(each.key));
      put(node.children.filter((each) => !rest.includes(each)), node.key);
      if (rest.length) addBox(found, home, { ...node, label: `${plural(rest.reduce((sum, each) => sum + each.systems.length, 0), "more system")}`, words: [`${node.words[0]}: more`], below: "", children: rest, systems: rest.flatMap((each) => each.systems) }, node.key, `${node.key}+`);
    }
  };
  put(tree(view.by, { ...how, ...(view.all ? { most: Infinity, root: Infinity } : {}) }).children, null);
  addArrows(found, home, how, focus);
  return found;
}

function addBox(found, home, node, group, id = node.isSystem || node.systems.length === 1 ? node.systems[0].id : node.key) {
  const { systems } = marks(), single = node.systems.length === 1, own = node.systems[0];
  const findings = node.systems.flatMap((each) => systems.get(each.id) ?? []);
  const name = value(own, "name"), below = single ? (node.isSystem ? "" : own.id === node.label ? "" : name ?? own.id) : node.below ?? plural(node.systems.length, "system");
  for (const each of node.systems) home.set(each.id, id);
  found.boxes.push({
    id, key: node.key, group, label: node.label, below, rank: node.rank, grade: GRADES[gradeOf(findings)], folds: single ? 0 : node.systems.length, lane: value(own, "party") ?? "",
    members: single ? [own.id] : [node.key], change: single ? changeOf("system", own.id) : "", systems: node.systems.map((each) => each.id),
    words: [...(single && node.isSystem ? [node.label === own.id ? own.id : `${node.label} (${own.id})`] : node.words), ...(single ? [] : [plural(node.systems.length, "system")]), ...notesOf(findings.slice(0, MOST_NOTES))],
  });
}

function addArrows(found, home, how, focus) {
  const { flows: findings, paths } = marks(), between = new Map(), boxes = new Map(found.boxes.map((each) => [each.id, each])), within = new Map();
  for (const flow of flowsNow()) {
    const [source, target] = [home.get(value(flow, "from")), home.get(value(flow, "to"))], grade = worse(gradeOf(findings.get(flow.id)), paths.get(flow.id));
    if (source === undefined || target === undefined) continue;
    const one = { id: flow.id, flow, grade, isPath: paths.has(flow.id) };
    const into = source === target && boxes.get(source).folds ? within : between, key = into === within ? source : `${source}\n→\n${target}`;
    if (!into.has(key)) into.set(key, { source, target, flows: [] });
    into.get(key).flows.push(one);
  }
  for (const [id, { flows }] of within) {
    const box = boxes.get(id), worst = flows.reduce((sum, each) => worse(sum, each.grade), 0);
    const inside = `${plural(flows.length, "flow")} within`;
    if (!how.tight) box.inside = inside;
    box.grade = GRADES[worse(GRADES.indexOf(box.grade), worst)];
    box.words = [...box.words, inside, ...flows.filter((each) => each.grade).slice(0, MOST_NOTES).flatMap((each) => wordsOf(each, findings))];
  }
  const isFocus = (id) => boxes.get(id).systems.some((each) => focus.has(each)) && !boxes.get(id).folds;
  const isNear = (each) => !focus.size || isFocus(each.source) || isFocus(each.target);
  const opened = (id) => Number(boxes.get(id).group !== null);
  const all = [...between.values()].map((each) => ({ ...each, grade: each.flows.reduce((sum, one) => worse(sum, one.grade), 0) }));
  const inner = (each) => opened(each.source) + opened(each.target), path = (each) => Number(isFocus(each.source) && isFocus(each.target));
  const kept = all.filter(isNear).sort((one, other) => path(other) - path(one) || other.grade - one.grade || inner(other) - inner(one) || other.flows.length - one.flows.length).slice(0, state.view.all ? Infinity : how.arrows);
  found.arrows = kept.map((each) => ({ ...arrowOf(each, findings), leads: path(each) > 0 })).sort((one, other) => (one.id < other.id ? -1 : 1));
  const near = new Set(kept.flatMap((each) => [each.source, each.target]));
  const left = focus.size ? found.boxes.filter((each) => each.folds && each.group === null && !near.has(each.id) || (!each.folds && !isFocus(each.id) && !near.has(each.id))) : [];
  found.boxes = found.boxes.filter((each) => !left.includes(each));
  const occupied = new Set();
  for (let each of found.boxes.map((one) => one.group)) for (; each !== null && !occupied.has(each); each = found.groups.find((one) => one.id === each).parent) occupied.add(each);
  found.groups = found.groups.filter((each) => occupied.has(each.id));
  found.about = summary(found, all, kept);
}

function summary(found, all, kept) {
  const folds = found.boxes.filter((each) => each.folds).length, single = found.boxes.length - folds, hidden = all.length - kept.length;
  const bad = all.filter((each) => each.grade === 2).length - kept.filter((each) => each.grade === 2).length, systems = found.boxes.reduce((sum, each) => sum + each.systems.length, 0), left = systemsNow().length - systems;
  return [single && plural(single, "system"), folds && `${folds.toLocaleString("en")} folded ${folds === 1 ? "group" : "groups"}`, plural(kept.length, "arrow"), hidden && `${plural(hidden, "arrow")} not drawn${bad ? `, ${bad} of them red` : ""}`, left > 0 && `${plural(left, "system")} not drawn`].filter(Boolean).join("; ");
}

const said = (flow, name) => (flow.values[name]?.value === undefined || flow.values[name].value === null ? null : listed(flow, name));

function wordsOf({ id, flow }, findings) {
  const data = said(flow, "carries"), purposes = said(flow, "purposes");
  return [`${id}: ${data ? data.join(", ") || "nothing" : "?"}${purposes ? ` for ${purposes.join(", ") || "nothing"}` : ""}`, ...notesOf(findings.get(id))];
}

function firstAndMore(terms, most = 20) {
  if (!terms?.length) return terms ? "nothing" : "?";
  const more = terms.length > 1 ? ` +${terms.length - 1}` : "", room = most - more.length;
  return (terms[0].length > room ? `${terms[0].slice(0, room - 1)}…` : terms[0]) + more;
}

function arrowOf({ source, target, flows, grade }, findings) {
  const order = [...flows].sort((one, other) => other.grade - one.grade || (one.id < other.id ? -1 : 1)), [{ flow }] = order;
  const bad = order.filter((each) => each.grade === 2).length, changes = new Set(order.map((each) => changeOf("flow", each.id)));
  const several = `${plural(order.length, "flow")}${bad && bad < order.length ? `, ${bad} red` : ""}`;
  const short = order.length === 1 ? [firstAndMore(said(flow, "carries")), firstAndMore(said(flow, "purposes"))] : [several, firstAndMore([...new Set(order.flatMap((each) => said(each.flow, "carries") ?? []))])];
  return {
    id: order.length === 1 ? flow.id : `${source} to ${target}`, source, target, short, grade: GRADES[grade], path: order.some((each) => each.isPath), change: changes.size === 1 ? [...changes][0] : "",
    flows: order.map((each) => each.id), words: [order.length === 1 ? `${value(flow, "from")} → ${value(flow, "to")}` : several, ...order.flatMap((each) => wordsOf(each, findings))],
  };
}

// The systems that are taken out of their groups: those of the finding that is chosen, or the system or the ends of the flow.
export function focusOf(chosen) {
  if (chosen?.kind === "system") return new Set([chosen.id]);
  if (chosen?.kind === "flow" && chosen.id) {
    const flow = record("flow", chosen.id) ?? record("flow", chosen.id, state.start);
    return new Set(flow ? [value(flow, "from"), value(flow, "to")] : []);
  }
  if (chosen?.kind !== "finding") return new Set();
  const entry = entries().find((each) => each.key === chosen.id);
  return entry ? about(entry.finding, entry.became === "goes" ? state.start : state.estate).systems : new Set();
}
