// Calls the server of this page. What is wrong comes back as an error that bears the server's own words.

const HEADER = "X-Privacy-Rules-Token";
const KEPT = "privacy-rules-token";

let token = "";

export function keepToken(given) {
  try {
    if (given) localStorage.setItem(KEPT, given);
    token = given || localStorage.getItem(KEPT) || "";
  } catch { token = given || ""; }
  return token !== "";
}

export class Refused extends Error {
  constructor(status, errors) {
    super(errors.map((each) => each.message + (each.help ? ` – ${each.help}` : "")).join("; "));
    this.status = status;
  }
}

export async function call(path, body, signal) {
  const asked = body === undefined ? { method: "GET" } : { method: "POST", body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, { ...asked, signal, headers: { [HEADER]: token, "Content-Type": "application/json" } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, [{ message: "the server does not answer", help: "start `privacy-rules explore` again" }]);
  }
  const found = await answer.json();
  if (!answer.ok) throw new Refused(answer.status, found.errors);
  return found;
}
