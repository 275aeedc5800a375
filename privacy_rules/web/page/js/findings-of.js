// What is known of findings, records and terms, and which of them the filters let through.

import { plural } from "./dom.js";
import { state } from "./state.js";

const SECTIONS = { party: "parties", system: "systems", flow: "flows", contract: "contracts", organisation: "organisation" };

export const ANY = "any finding";
export const sectionOf = (kind) => SECTIONS[kind];
export const keyOf = (finding) => `${finding.rule} ${finding.subject.kind} ${finding.subject.id}`;

// Every finding of now, with what the changes did to it, and those that went.
export function entries() {
  const { comes, goes, stays, changes } = state.delta;
  const found = [
    ...comes.map((finding) => ({ finding, became: "comes" })),
    ...changes.map((pair) => ({ finding: pair.after, was: pair.before, differs: pair.differs.words, became: "changes" })),
    ...stays.map((finding) => ({ finding, became: "stays" })),
    ...goes.map((finding) => ({ finding, became: "goes" })),
  ];
  return found.map((each) => ({ ...each, key: keyOf(each.finding) }));
}

const known = new WeakMap(); // the records of a section, by id

export function record(kind, id, estate = state.estate) {
  const section = estate?.[sectionOf(kind)];
  if (!section) return undefined;
  if (!known.has(section)) known.set(section, new Map(section.map((each) => [each.id, each])));
  return known.get(section).get(id);
}

// What there is with the changes, and what they have removed.
const both = (kind) => [...state.estate[sectionOf(kind)], ...(state.estate === state.start ? [] : state.start[sectionOf(kind)].filter((each) => !record(kind, each.id)))];
export const systemsNow = () => both("system");
export const flowsNow = () => both("flow");

export const value = (found, name) => found?.values[name]?.value ?? null;

export const listed = (found, name) => [value(found, name)].flat().filter((each) => each !== null).map((each) => (typeof each === "object" ? each.data ?? each.purpose : each));

export const partyOf = (system, estate = state.estate) => value(record("system", system, estate), "party");

const under = new Map();

// Whether a term is another one or stands below it.
export function isBelow(vocabulary, term, above) {
  if (!above || term === above) return true;
  if (!under.has(vocabulary)) {
    under.set(vocabulary, new Map((state.session.vocabularies[vocabulary] || []).map((each) => [each.term, each.parents])));
  }
  return (under.get(vocabulary).get(term) || []).some((parent) => isBelow(vocabulary, parent, above));
}

const below = (vocabulary, terms, above) => !above || terms.some((term) => isBelow(vocabulary, term, above));

export const isFiltered = () => Object.values(state.filters).some(Boolean);

export const wordsFit = (text) => state.filters.words.toLowerCase().split(/\s+/).filter(Boolean).every((word) => text.toLowerCase().includes(word));

export function flowFits(flow, estate = state.estate) {
  const { party, data, purpose } = state.filters;
  const [from, to, carries, purposes] = [value(flow, "from"), value(flow, "to"), listed(flow, "carries"), listed(flow, "purposes")];
  const parties = [partyOf(from, estate), partyOf(to, estate)];
  return (
    (!party || parties.includes(party)) && below("data", carries, data) && below("purpose", purposes, purpose) &&
    wordsFit([flow.id, from, to, ...parties, ...carries, ...purposes].join(" "))
  );
}

// The flows, systems and parties that a finding is about: its subject, its path, and the ends of both.
export function about(finding, estate = state.estate) {
  const flows = new Set(finding.path), systems = new Set(), parties = new Set();
  const { kind, id } = finding.subject;
  if (kind === "flow") flows.add(id);
  if (["system", "storage", "joining", "use", "derivation"].includes(kind)) systems.add(id);
  if (kind === "party") parties.add(id);
  if (kind === "contract") for (const each of [listed(record("contract", id, estate), "with"), listed(record("contract", id, estate), "between")].flat()) parties.add(each);
  for (const each of flows) {
    const flow = record("flow", each, estate) || record("flow", each, state.start);
    for (const end of ["from", "to"]) if (value(flow, end)) systems.add(value(flow, end));
  }
  return { flows, systems, parties };
}

export function findingFits({ finding }) {
  const { party, data, purpose, rule, verdict } = state.filters;
  const mine = about(finding), carried = [...mine.flows].flatMap((each) => listed(record("flow", each) || record("flow", each, state.start), "carries"));
  const parties = [...mine.parties, ...[...mine.systems].map((each) => partyOf(each) || partyOf(each, state.start))];
  return (
    (!rule || finding.rule === rule) && (!verdict || verdict === ANY || finding.verdict === verdict) && (!party || parties.includes(party)) &&
    below("data", [...finding.data, ...carried], data) && (!purpose || below("purpose", finding.purposes, purpose)) &&
    wordsFit([finding.rule, finding.message, finding.subject.id, ...finding.path, ...parties].join(" "))
  );
}

// What the filter hides of the findings of now, in words; nothing where it hides none.
export function hiddenWords() {
  if (!isFiltered()) return "";
  const hidden = entries().filter((each) => each.became !== "goes" && !each.finding.waived && !findingFits(each));
  const violations = hidden.filter((each) => each.finding.verdict === "violation").length, others = hidden.length - violations;
  const told = [violations && plural(violations, "violation"), others && `${others.toLocaleString("en")} undetermined`].filter(Boolean);
  return told.length ? `${told.join(" and ")} hidden by the filter` : "";
}

export function ruleOf(name) {
  return state.session.rules.find((each) => each.name === name);
}
