// Light or dark: as the system says, or as the button does; kept for the next time.

import { byId } from "./dom.js";

const KEPT = "privacy-rules-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

const kept = () => { try { return localStorage.getItem(KEPT); } catch { return null; } };

export function begin() {
  const apply = (theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    byId("theme").textContent = isDark() ? "Light" : "Dark";
    byId("theme").setAttribute("aria-label", isDark() ? "Light theme" : "Dark theme");
  };
  const isDark = () => (document.documentElement.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
  dark.addEventListener("change", () => apply(kept()));
  byId("theme").addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    try { localStorage.setItem(KEPT, theme); } catch { /* then it holds for this page alone */ }
    apply(theme);
  });
  apply(kept());
}
