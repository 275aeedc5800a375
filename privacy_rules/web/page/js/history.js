// What undo and redo go back to, kept for as long as the tab is open: a reload takes none of it. A link holds what is tried out, not how it came about.

import { state } from "./state.js";

const KEPT = "privacy-rules-history";

const where = () => JSON.stringify([state.session.name, state.session.policies, state.session.manifests, state.session.as_of]);
const now = () => JSON.stringify([state.changes, state.day]);

export function keep() {
  const { past, future } = state;
  try {
    if (past.length || future.length) sessionStorage.setItem(KEPT, JSON.stringify({ of: where(), at: now(), past, future }));
    else sessionStorage.removeItem(KEPT);
  } catch { // too much of it, or no storage: what was kept would be another history
    try { sessionStorage.removeItem(KEPT); } catch { /* there is none */ }
  }
}

// Takes the history up where it led to what is tried out now, with the same estate.
export function recall() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEPT));
    if (found?.of === where() && found.at === now()) Object.assign(state, { past: found.past, future: found.future });
  } catch { /* there is none */ }
}
