// The estate as elements of the graph: parties as groups, systems in them, flows; each with what findings say of it.
// A party of many may be folded: then it is one node, and all flows between two folded ends are one.

import { about, entries, flowFits, findingFits, isFiltered, listed, partyOf, record, value } from "./findings-of.js";
import { visible } from "./dom.js";
import { NODE } from "./layout.js";
import { state } from "./state.js";

const UNKNOWN = "(party unknown)";
const FOLD_ABOVE = 80;
const REACH = 69; // of a loop, from the middle of its system

export const folded = new Set();

export function foldWhereMany(estate) {
  if (estate.systems.length > FOLD_ABOVE) for (const each of estate.parties) folded.add(each.id);
}

export const partyNode = (id) => `party:${id ?? UNKNOWN}`;
export const systemNode = (id) => `system:${id}`;
export const flowEdge = (id) => `flow:${id}`;

function ghosts(section) {
  const now = new Set(state.estate[section].map((each) => each.id));
  return state.start[section].filter((each) => !now.has(each.id));
}

export function elements() {
  const now = { estate: state.estate, gone: false }, before = { estate: state.start, gone: true };
  const systems = [...state.estate.systems.map((each) => [each, now]), ...ghosts("systems").map((each) => [each, before])];
  const flows = [...state.estate.flows.map((each) => [each, now]), ...ghosts("flows").map((each) => [each, before])];
  const marks = marked();
  const nodes = new Map(), home = new Map();
  for (const [each, { estate, gone }] of systems) {
    const party = value(each, "party");
    home.set(each.id, party);
    addParty(nodes, party, estate, marks);
    if (!folded.has(party)) {
      const grade = graded(marks, "systems", each.id);
      nodes.set(systemNode(each.id), {
        data: { id: systemNode(each.id), parent: partyNode(party), label: breakable(visible(each.id)), kind: "system", name: each.id },
        classes: classes("system", grade, gone && "cut", !gone && !record("system", each.id, state.start) && "new"),
      });
    }
  }
  const end = (system) => (folded.has(home.get(system)) ? partyNode(home.get(system)) : systemNode(system));
  return [...nodes.values(), ...edges(flows, end, marks)];
}

// A long id breaks behind its joints; what has none is cut short.
const breakable = (id) => id.split(/(?<=[_.\-/ :])/).map((part) => (part.length > 18 ? `${part.slice(0, 17)}…` : part)).join("\u200b").slice(0, 60);

const classes = (...given) => given.filter(Boolean).join(" ");

function addParty(nodes, party, estate, marks) {
  const id = partyNode(party);
  if (nodes.has(id)) return;
  const found = record("party", party, estate) || record("party", party, state.start), roles = listed(found, "role");
  const isFolded = folded.has(party);
  const count = state.estate.systems.filter((each) => value(each, "party") === party).length;
  const label = visible(`${party ?? UNKNOWN}${isFolded ? `\n${count} systems` : roles.length ? `\n${roles[0]}${roles.length > 1 ? ` +${roles.length - 1}` : ""}` : "\nrole unknown"}`);
  const rank = roles.includes("us") ? "us" : roles.includes("data_subject") ? "person" : "other";
  const grade = isFolded ? worst([...marks.systems].filter(([system]) => partyOf(system) === party).map(([, each]) => each)) : "";
  if (!isFolded) nodes.set(`caption:${id}`, { data: { id: `caption:${id}`, label, kind: "caption", of: id, name: "" }, classes: classes("caption", rank) });
  nodes.set(id, {
    data: { id, label, kind: "party", name: party ?? "", high: NODE.height },
    classes: classes("party", rank, isFolded && "folded", grade || graded(marks, "parties", party)),
  });
}

function edges(flows, end, marks) {
  const found = [], between = new Map(), loops = new Map();
  for (const [each, { estate, gone }] of flows) {
    const [source, target] = [end(value(each, "from")), end(value(each, "to"))];
    const [carries, purposes] = [listed(each, "carries"), listed(each, "purposes")];
    const grade = gone ? "" : graded(marks, "flows", each.id), fits = flowFits(each, estate) || (grade && !grade.includes("aside"));
    const made = {
      data: {
        id: flowEdge(each.id), source, target, kind: "flow", name: each.id,
        label: visible(`${carries.length ? short(carries) : "?"}${purposes.length ? `\nfor ${short(purposes)}` : ""}`),
      },
      classes: classes("flow", grade, gone && "cut", !gone && !record("flow", each.id, state.start) && "new", !gone && marks.paths.has(each.id) && "on-path", isFiltered() && !fits && "unfit"),
    };
    if (source === target && !source.startsWith("party:")) found.push(looped(made, loops));
    else if (!source.startsWith("party:") && !target.startsWith("party:")) found.push(made);
    else if (source !== target) between.set(`${source}\n${target}`, [...(between.get(`${source}\n${target}`) || []), made]);
  }
  for (const several of between.values()) found.push(several.length === 1 ? several[0] : merged(several));
  return found;
}

// A flow from a system to itself: a loop at one side, the next at the other, further ones around these.
function looped({ data, classes: given }, loops) {
  const number = loops.get(data.source) || 0;
  loops.set(data.source, number + 1);
  const around = Math.floor(number / 2); // the graph makes the step of each further one at the same side longer by a third
  return { data: { ...data, reach: (REACH + 7 * around) / (around / 3 + 1), nth: number }, classes: classes(given, "loop") };
}

function merged(several) {
  const grades = several.map((each) => each.classes);
  const bad = grades.filter((each) => each.includes("violation")).length;
  const { source, target } = several[0].data;
  return {
    data: { id: `flows:${source}>${target}`, source, target, kind: "flows", name: "", flows: several.map((each) => each.data.id), label: `${several.length} flows${bad ? `, ${bad} in violation` : ""}` },
    classes: classes("flow", worst(grades.map((each) => (each.includes("violation") ? "violation" : each.includes("undetermined") ? "undetermined" : ""))), grades.every((each) => each.includes("unfit")) && "unfit"),
  };
}

const short = (terms) => (terms.length > 2 ? `${terms.slice(0, 2).join(", ")} +${terms.length - 2}` : terms.join(", "));

const worst = (grades) => (grades.includes("violation") ? "violation" : grades.includes("undetermined") ? "undetermined" : "");

// What the findings of now say: of flows, systems and parties the worst; of paths all flows. What a filter hides is marked as well, and apart.
function marked() {
  const now = entries().filter(({ finding, became }) => became !== "goes" && !finding.waived);
  const fitting = now.filter(findingFits);
  return { ...marksOf(fitting), hidden: marksOf(now.filter((each) => !fitting.includes(each))) };
}

function marksOf(found) {
  const marks = { flows: new Map(), systems: new Map(), parties: new Map(), paths: new Set() };
  for (const { finding } of found) {
    const { kind, id } = finding.subject;
    const into = { flow: marks.flows, system: marks.systems, storage: marks.systems, joining: marks.systems, party: marks.parties }[kind];
    if (into) into.set(id, worst([into.get(id), finding.verdict]));
    for (const flow of finding.path) {
      if (finding.verdict === "violation") marks.paths.add(flow);
      marks.flows.set(flow, worst([marks.flows.get(flow), finding.verdict]));
    }
  }
  return marks;
}

function graded(marks, of, id) {
  const hidden = marks.hidden[of].get(id);
  return marks[of].get(id) || (hidden ? `${hidden} aside` : "");
}

// The ids of what is chosen in the graph, and of what belongs to it.
export function lit() {
  const found = state.chosen && litOf(state.chosen);
  if (!found) return null;
  for (const each of [...state.start.systems, ...state.estate.systems]) {
    if (folded.has(value(each, "party")) && found.ids.has(systemNode(each.id))) found.ids.add(partyNode(value(each, "party")));
  }
  return found;
}

function litOf(chosen) {
  if (chosen.kind === "finding") {
    const entry = entries().find((each) => each.key === chosen.id);
    if (!entry) return null;
    const estate = entry.became === "goes" ? state.start : state.estate, mine = about(entry.finding, estate);
    const systems = [...mine.systems];
    for (const party of mine.parties) for (const each of estate.systems) if (value(each, "party") === party) systems.push(each.id);
    return { ids: new Set([...systems.map(systemNode), ...[...mine.flows].map(flowEdge)]), path: true };
  }
  if (chosen.kind === "rule") {
    const mine = entries().filter((each) => each.finding.rule === chosen.id && each.became !== "goes").map((each) => about(each.finding));
    if (!mine.length) return null;
    return { ids: new Set(mine.flatMap((each) => [...[...each.systems].map(systemNode), ...[...each.flows].map(flowEdge)])), path: true };
  }
  return chosen.id ? { ids: new Set(around(chosen)), path: false } : null; // without an id: a flow that is being made
}

function around({ kind, id }) {
  const flowsOf = (systems) => [...state.estate.flows, ...ghosts("flows")].filter((each) => systems.includes(value(each, "from")) || systems.includes(value(each, "to")));
  const withEnds = (flows) => flows.flatMap((each) => [flowEdge(each.id), systemNode(value(each, "from")), systemNode(value(each, "to"))]);
  if (kind === "flow") return withEnds([record("flow", id) || record("flow", id, state.start)].filter(Boolean));
  if (kind === "system") return [systemNode(id), ...withEnds(flowsOf([id]))];
  const parties = kind === "party" ? [id] : kind === "contract" ? [...listed(record("contract", id), "with"), ...listed(record("contract", id), "between")] : [];
  const systems = state.estate.systems.filter((each) => parties.includes(value(each, "party"))).map((each) => each.id);
  return [...systems.map(systemNode), ...withEnds(flowsOf(systems)), ...parties.filter((each) => folded.has(each)).map(partyNode)];
}
