// How the graph looks, in the colours of the page's theme.

import { FONT } from "./labels.js";
import { NODE, PAD } from "./layout.js";

export function styleOf(root) {
  const css = getComputedStyle(root);
  const c = (name) => css.getPropertyValue(`--${name}`).trim();
  const font = css.fontFamily;
  return [
    { selector: "node", style: { "font-family": font, "font-size": 13, color: c("text"), label: "data(label)" } },
    {
      selector: "node.system",
      style: {
        shape: "round-rectangle", width: NODE.width, height: NODE.height, "background-color": c("node"), "border-width": 1.5, "border-color": c("node-line"),
        "text-valign": "center", "text-halign": "center", "text-wrap": "wrap", "text-max-width": NODE.width - 6, "text-overflow-wrap": "whitespace",
      },
    },
    {
      selector: "node.party",
      style: {
        shape: "round-rectangle", "background-color": c("group"), "background-opacity": 1, "border-width": 1, "border-color": c("group-line"),
        label: "", padding: PAD, "min-width": NODE.width, "min-height": "data(high)", "min-height-bias-top": "100%", "min-height-bias-bottom": "0%",
      },
    },
    {
      selector: "node.caption",
      style: {
        shape: "rectangle", width: 1, height: 1, "background-opacity": 0, "border-width": 0, events: "no", "z-compound-depth": "top", "text-valign": "center", "text-halign": "center",
        "text-wrap": "wrap", "text-max-width": NODE.width + 2 * PAD, "font-size": 12, color: c("dim"),
        "text-background-color": c("group"), "text-background-opacity": 0.94, "text-background-padding": 2, "text-background-shape": "round-rectangle",
      },
    },
    { selector: "node.caption.us", style: { "text-background-color": c("group-us") } },
    { selector: "node.caption.person", style: { "text-background-color": c("group-person") } },
    { selector: "node.party.us", style: { "background-color": c("group-us") } },
    { selector: "node.party.person", style: { "background-color": c("group-person") } },
    { selector: "node.party.folded", style: { width: 150, height: 56, padding: 4, label: "data(label)", "text-wrap": "wrap", "text-max-width": NODE.width + 2 * PAD, "font-size": 12, "text-valign": "center", "text-halign": "center", color: c("text"), "border-style": "double", "border-width": 4 } },
    {
      selector: "edge",
      style: {
        width: 1.3, "line-color": c("edge"), "target-arrow-color": c("edge"), "target-arrow-shape": "triangle", "arrow-scale": 0.9, "curve-style": "bezier",
        "control-point-step-size": 34, "font-family": font, "font-size": FONT, color: c("text"), "text-wrap": "wrap", "text-background-color": c("ground"),
        "text-background-opacity": 0.9, "text-background-padding": 2, "text-rotation": "none",
      },
    },
    { selector: "edge", style: { label: "data(label)" } },
    { selector: "edge[labelX]", style: { "text-margin-x": "data(labelX)", "text-margin-y": "data(labelY)" } },
    { selector: "edge.bare, edge.far", style: { label: "", "z-index": -1 } },
    { selector: "edge.named", style: { label: "data(label)", "z-index": 30, "z-compound-depth": "top" } },
    { selector: "edge.bent", style: { "curve-style": "unbundled-bezier", "control-point-distances": "data(bend)", "control-point-weights": 0.5 } },
    {
      selector: "edge.loop",
      style: { "curve-style": "bezier", "control-point-step-size": "data(reach)", "loop-direction": "90deg", "loop-sweep": "38deg", "source-endpoint": `${NODE.width / 2}px -9px`, "target-endpoint": `${NODE.width / 2}px 9px` },
    },
    { selector: "edge.loop.left", style: { "loop-direction": "-90deg", "loop-sweep": "-38deg", "source-endpoint": `${-NODE.width / 2}px -9px`, "target-endpoint": `${-NODE.width / 2}px 9px` } },
    { selector: ".violation", style: { "border-color": c("bad"), "border-width": 3, "line-color": c("bad"), "target-arrow-color": c("bad"), "z-index": 20 } },
    { selector: "edge.violation", style: { width: 3, "z-compound-depth": "top" } },
    { selector: "node.system.violation", style: { "background-color": c("bad-soft") } },
    { selector: ".undetermined", style: { "border-color": c("open"), "border-width": 3, "border-style": "dashed", "line-color": c("open"), "target-arrow-color": c("open"), "line-style": "dashed", "z-index": 15 } },
    { selector: "edge[kind = 'flows']", style: { width: 1.6 } },
    { selector: "edge.undetermined", style: { width: 2.4 } },
    { selector: "node.system.undetermined", style: { "background-color": c("open-soft") } },
    { selector: ".new", style: { "line-color": c("good"), "target-arrow-color": c("good"), "border-color": c("good") } },
    { selector: "edge.new", style: { width: 2.6 } },
    { selector: "edge.new.violation", style: { "line-color": c("bad"), "target-arrow-color": c("bad"), width: 3.4, "source-arrow-shape": "circle", "source-arrow-color": c("good") } },
    { selector: "edge.cut", style: { "line-style": "dotted", "line-color": c("cut"), "target-arrow-color": c("cut"), "target-arrow-shape": "tee", width: 2, opacity: 0.75 } },
    { selector: "node.cut", style: { "border-style": "dotted", opacity: 0.5 } },
    { selector: ".unfit", style: { opacity: 0.12 } },
    { selector: "edge.violation.aside, edge.undetermined.aside", style: { opacity: 0.5, label: "" } },
    { selector: "node.violation.aside, node.undetermined.aside", style: { "border-opacity": 0.6 } },
    { selector: "node.pale", style: { "text-opacity": 0.55, "border-opacity": 0.45 } },
    { selector: "edge.pale", style: { opacity: 0.1, label: "" } },
    { selector: "edge.pale[kind = 'flows']", style: { opacity: 0.04 } },
    { selector: "edge.lit", style: { "z-compound-depth": "top", width: 3, "z-index": 40, label: "data(label)", opacity: 1 } },
    { selector: "edge.lit.path", style: { width: 5, "underlay-color": c("glow"), "underlay-opacity": 0.4, "underlay-padding": 6 } },
    { selector: "node.lit", style: { "border-width": 3, "text-opacity": 1, "border-opacity": 1, "z-index": 40 } },
    { selector: "node.system.lit.path", style: { "underlay-color": c("glow"), "underlay-opacity": 0.4, "underlay-padding": 6, "underlay-shape": "round-rectangle" } },
    { selector: ".chosen", style: { "overlay-color": c("focus"), "overlay-opacity": 0.16, "overlay-padding": 6 } },
    { selector: ".at", style: { "outline-color": c("focus"), "outline-width": 3, "outline-offset": 3 } },
    { selector: "edge.at", style: { "overlay-color": c("focus"), "overlay-opacity": 0.3, "overlay-padding": 5, label: "data(label)", "z-index": 50, "z-compound-depth": "top" } },
    { selector: "core", style: { "active-bg-opacity": 0, "selection-box-opacity": 0 } },
  ];
}
