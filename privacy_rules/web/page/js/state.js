// What is tried out: a change set and a day, with what came before (undo) and after (redo), beside what is looked at.
// Everything that shows something listens here; nothing else is shared.

const listeners = new Set();

export const state = {
  session: null, // what the server said of policy and manifests
  start: null, // the estate with nothing changed
  estate: null, // the estate as it is tried out
  delta: null, // what the changes do to the findings
  view: { by: ["party"], open: [], all: false, focus: [] }, // the groups: by which attributes, which are open (or, if all are, closed: "-"), and the systems taken out of them
  changes: [],
  day: null, // null: the day of the start
  past: [],
  future: [],
  scenarios: [], // {name, changes, day}
  tab: "findings",
  chosen: null, // {kind: "finding" | "party" | "system" | "flow" | "flows" | "contract" | "organisation" | "rule", id}
  section: "flows",
  only: null, // {title, flows}: the flows of an arrow that stands for several
  filters: { words: "", party: "", data: "", purpose: "", rule: "", verdict: "" },
};

export const listen = (heard) => listeners.add(heard);

export function tell(what) {
  for (const heard of listeners) heard(what);
}

const snapshot = () => ({ changes: state.changes, day: state.day });

// Tries something else out: `next` has changes, day or both.
export function tryOut(next) {
  remember();
  Object.assign(state, next);
  tell("tried");
}

// What is tried out now is what undo comes back to.
export function remember() {
  state.past = [...state.past, snapshot()].slice(-200);
  state.future = [];
}

export const change = (...more) => tryOut({ changes: merged(state.changes, more) });

// A value that is set again and again is set once: what was typed in between is nobody's wish.
function merged(changes, more) {
  const found = [...changes];
  for (const each of more) {
    const last = found.at(-1);
    if (last?.set && each.set && sameSetting(last.set, each.set)) found.pop();
    found.push(each);
  }
  return found;
}

const sameSetting = (one, other) => JSON.stringify(touched(one)) === JSON.stringify(touched(other));

function touched(set) {
  const kind = kindOf(set);
  return [kind, set[kind], [...Object.keys(set), ...(set.unset || [])].filter((key) => key !== kind && key !== "unset").sort()];
}

export const kindOf = (set) => ["flow", "contract", "system", "party", "organisation"].find((kind) => kind in set && (kind !== "party" || !("system" in set)));

export function undo() {
  if (!state.past.length) return;
  state.future = [snapshot(), ...state.future];
  Object.assign(state, state.past.at(-1));
  state.past = state.past.slice(0, -1);
  tell("tried");
}

export function redo() {
  if (!state.future.length) return;
  state.past = [...state.past, snapshot()];
  Object.assign(state, state.future[0]);
  state.future = state.future.slice(1);
  tell("tried");
}

// Takes back what the server refused, as if it had never been.
export function forget() {
  if (!state.past.length) return false;
  Object.assign(state, state.past.at(-1));
  state.past = state.past.slice(0, -1);
  return true;
}

export function look(next) {
  Object.assign(state, next);
  tell("looked");
}

// Shows another view of the same estate.
export const see = (view) => look({ view: { ...state.view, ...view } });

export const isChanged = () => state.changes.length > 0 || (state.day !== null && state.day !== state.session.as_of);

export const today = () => state.day || state.session.as_of;
