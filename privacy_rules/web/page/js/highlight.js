// The systems and flows of what is chosen, and what belongs to it.

import { about, entries, listed, record, value } from "./findings-of.js";
import { state } from "./state.js";

export function highlighted() {
  const { chosen } = state;
  if (!chosen) return null;
  if (chosen.kind === "finding") return ofFindings(entries().filter((each) => each.key === chosen.id));
  if (chosen.kind === "rule") return ofFindings(entries().filter((each) => each.finding.rule === chosen.id && each.became !== "goes"));
  return chosen.id ? around(chosen) : null; // without an id: a flow that is being made
}

function ofFindings(mine) {
  if (!mine.length) return null;
  const found = { systems: new Set(), flows: new Set(), path: true };
  for (const { finding, became } of mine) {
    const estate = became === "goes" ? state.start : state.estate, { systems, flows, parties } = about(finding, estate);
    const owned = estate.systems.filter((each) => parties.has(value(each, "party"))).map((each) => each.id);
    for (const each of [...systems, ...owned]) found.systems.add(each);
    for (const each of flows) found.flows.add(each);
  }
  return found;
}

function allFlows() {
  const now = new Set(state.estate.flows.map((each) => each.id));
  return [...state.estate.flows, ...state.start.flows.filter((each) => !now.has(each.id))];
}

const ends = (flow) => [value(flow, "from"), value(flow, "to")];

function around({ kind, id }) {
  const only = kind === "flow" ? [id] : kind === "flows" ? state.only?.flows ?? [] : null;
  const systems = kind === "system" ? [id] : ownedBy(kind === "party" ? [id] : kind === "contract" ? bound(id) : []);
  const flows = only ? allFlows().filter((each) => only.includes(each.id)) : allFlows().filter((each) => ends(each).some((end) => systems.includes(end)));
  return { systems: new Set([...(only ? [] : systems), ...flows.flatMap(ends)]), flows: new Set(flows.map((each) => each.id)), path: false };
}

function bound(contract) {
  const found = record("contract", contract) ?? record("contract", contract, state.start);
  return [...listed(found, "with"), ...listed(found, "between")];
}

const ownedBy = (parties) => state.estate.systems.filter((each) => parties.includes(value(each, "party"))).map((each) => each.id);
