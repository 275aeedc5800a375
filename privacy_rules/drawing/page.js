(function () {
  "use strict";
  var LEAST_TEXT = 11, BOX_TEXT = 11.5, LEAST_LABEL = 8.8, LABEL_TEXT = 8, LIT_LABEL = 8.8;
  var by = function (id) { return document.getElementById(id); };
  var list = function (within, what) { return Array.prototype.slice.call(within.querySelectorAll(what)); };
  var canvas = by("canvas"), side = by("side"), told = by("told"), words = by("words"), bad = by("bad"), view = by("view");
  var findings = JSON.parse(by("findings-data").textContent);
  var kept = {}, svg, boxes, arrows, now, scale = 1, fitted = true, chosen = null, came = null, from = null;
  list(document, "template[data-view]").forEach(function (each) { kept[each.getAttribute("data-view")] = each; });
  var home = view.options[0].value;

  function id(each) { return each.getAttribute("data-id"); }
  function ends(each) { return [each.getAttribute("data-source"), each.getAttribute("data-target")]; }
  function has(each, name) { return each.classList.contains(name); }
  function lines(each) { return each.querySelector("title").textContent.split("\n"); }

  // The picture of a view, at the size at which it fills the width and can be read.
  function show(name) {
    now = name;
    view.value = name;
    canvas.replaceChildren(kept[name].content.firstElementChild.cloneNode(true));
    by("about").textContent = kept[name].getAttribute("data-about");
    svg = canvas.firstElementChild;
    boxes = list(svg, "g.box");
    arrows = list(svg, "g.arrow");
    arrows.forEach(function (each) {
      var line = each.querySelector("path"), hit = line.cloneNode();
      hit.setAttribute("class", "hit");
      each.insertBefore(hit, line);
    });
    boxes.concat(arrows).forEach(function (each) {
      each.setAttribute("tabindex", "-1");
      each.setAttribute("role", "button");
      each.setAttribute("aria-label", lines(each).slice(0, 2).join(", ").slice(0, 200) + (unfolds(each) ? ", folded" : ""));
    });
    at(boxes[0]);
    from = null;
    chosen = null;
    fit();
    canvas.scrollTo(0, 0);
    filter();
  }
  function at(each) {
    if (came) { came.setAttribute("tabindex", "-1"); }
    came = each;
    if (each) { each.setAttribute("tabindex", "0"); }
  }
  function unfolds(each) { return has(each, "folded") && kept["party:" + each.getAttribute("data-lane")] !== undefined && now !== "party:" + each.getAttribute("data-lane"); }

  function fit() {
    var wide = canvas.clientWidth / svg.viewBox.baseVal.width;
    zoom(Math.min(1.6, Math.max(wide, LEAST_TEXT / BOX_TEXT)));
    fitted = true;
  }
  function zoom(to) {
    var before = scale, x = canvas.scrollLeft + canvas.clientWidth / 2, y = canvas.scrollTop + canvas.clientHeight / 2;
    scale = Math.min(5, Math.max(0.2, to));
    fitted = false;
    svg.style.width = Math.floor(svg.viewBox.baseVal.width * scale) + "px";
    svg.style.setProperty("--least", Math.max(LABEL_TEXT, LIT_LABEL / scale) + "px");
    svg.classList.toggle("detail", scale * LABEL_TEXT >= LEAST_LABEL);
    canvas.scrollLeft = x * scale / before - canvas.clientWidth / 2;
    canvas.scrollTop = y * scale / before - canvas.clientHeight / 2;
  }

  // What stays bright: what the filter asks for, or what is chosen with its neighbours.
  function wanted(each) {
    var text = each.querySelector("title").textContent.toLowerCase(), asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    var wrong = has(each, "violation") || has(each, "undetermined");
    return asked.every(function (word) { return text.indexOf(word) >= 0; }) && (!bad.checked || wrong);
  }
  function filter() {
    var all = !words.value && !bad.checked;
    bright(all ? null : arrows.filter(wanted), all ? null : boxes.filter(wanted), false);
  }
  function bright(lines, nodes, lit) {
    var near = {};
    (lines || []).forEach(function (each) { ends(each).forEach(function (end) { near[end] = true; }); });
    arrows.forEach(function (each) {
      each.classList.toggle("pale", lines !== null && lines.indexOf(each) < 0);
      each.classList.toggle("lit", lit && lines.indexOf(each) >= 0);
    });
    boxes.forEach(function (each) {
      each.classList.toggle("pale", lines !== null && !near[id(each)] && nodes.indexOf(each) < 0);
      each.classList.toggle("chosen", lit && nodes.indexOf(each) >= 0);
    });
  }
  function choose(each) {
    press(null);
    chosen = each;
    if (!each) { tell(null); filter(); return; }
    at(each);
    var mine = has(each, "box") ? arrows.filter(function (arrow) { return ends(arrow).indexOf(id(each)) >= 0; }) : [each];
    bright(mine, has(each, "box") ? [each] : [], true);
    tell(has(each, "box") ? [lines(each)].concat(mine.map(lines)) : [lines(each)]);
    reveal([each]);
  }
  function act(each) {
    if (unfolds(each)) { unfold(each.getAttribute("data-lane")); } else { choose(each); }
  }
  function unfold(lane) {
    show("party:" + lane);
    var first = boxes.filter(function (each) { return each.getAttribute("data-lane") === lane; })[0];
    at(first);
    first.focus();
    reveal([first]);
  }
  function fold() {
    if (now === home) { choose(null); return; }
    var lane = now.indexOf("party:") === 0 ? now.slice(6) : null;
    show(kept.parties ? "parties" : home);
    var same = boxes.filter(function (each) { return each.getAttribute("data-lane") === lane; })[0] || boxes[0];
    at(same);
    same.focus();
  }

  // What is said beside the picture.
  function open(wide) {
    side.hidden = !wide;
    by("list").setAttribute("aria-expanded", String(wide));
    if (fitted) { fit(); }
  }
  function tell(several) {
    told.replaceChildren();
    if (!several) { return; }
    several.forEach(function (said, number) {
      var head = document.createElement(number ? "h3" : "h2"), rest = document.createElement("p");
      head.textContent = said[0];
      rest.textContent = said.slice(1).join("\n");
      told.append(head, rest);
    });
    open(true);
    side.scrollTop = 0;
  }
  function press(button) {
    list(side, "#findings button").forEach(function (each) { each.setAttribute("aria-pressed", String(each === button)); });
  }
  function follow(button) {
    var found = findings[Number(button.getAttribute("data-number"))];
    var drawn = function () { return found.systems.every(function (name) { return boxes.some(function (each) { return id(each) === name; }); }); };
    if (!drawn()) { show(found.view); }
    var mine = boxes.filter(function (each) { return found.systems.indexOf(id(each)) >= 0; });
    var path = arrows.filter(function (each) {
      return JSON.parse(each.getAttribute("data-wrong")).some(function (flow) { return found.flows.indexOf(flow) >= 0; });
    });
    bright(path, mine, true);
    press(button);
    chosen = button;
    told.replaceChildren();
    reveal(path.concat(mine));
  }
  function reveal(several) {
    if (!several.length) { return; }
    var room = canvas.getBoundingClientRect(), left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
    several.forEach(function (each) {
      var box = each.getBoundingClientRect();
      left = Math.min(left, box.left); top = Math.min(top, box.top); right = Math.max(right, box.right); bottom = Math.max(bottom, box.bottom);
    });
    if (left < room.left || right > room.right) { canvas.scrollLeft += (left + right) / 2 - (room.left + room.right) / 2; }
    if (top < room.top || bottom > room.bottom) { canvas.scrollTop += bottom - top < room.height ? (top + bottom) / 2 - (room.top + room.bottom) / 2 : top - room.top - 10; }
  }

  // By keyboard: from box to box in the direction of the key, and along the flows of a box.
  var STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function middle(each) {
    var box = each.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  }
  function go(each) {
    if (!each) { return; }
    at(each);
    each.focus({ preventScroll: true });
    reveal([each]);
    if (chosen && chosen !== each) { choose(each); }
  }
  function step(x, y) {
    var start = has(came, "box") ? came : boxes.filter(function (each) { return id(each) === ends(came)[0]; })[0];
    var here = middle(start), best = null, least = Infinity;
    boxes.forEach(function (each) {
      var there = middle(each), along = (there[0] - here[0]) * x + (there[1] - here[1]) * y;
      var aside = Math.abs((there[0] - here[0]) * y) + Math.abs((there[1] - here[1]) * x);
      if (along > 5 && along + 2.5 * aside < least) { best = each; least = along + 2.5 * aside; }
    });
    go(best);
  }
  function along(by) {
    if (has(came, "box")) { from = came; }
    if (!from) { return; }
    var mine = arrows.filter(function (each) { return ends(each).indexOf(id(from)) >= 0; });
    var place = mine.indexOf(came);
    go(mine[place < 0 ? (by > 0 ? 0 : mine.length - 1) : (place + by + mine.length) % mine.length]);
  }
  canvas.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !came) { return; }
    var key = event.key, done = true;
    if (STEPS[key]) { step(STEPS[key][0], STEPS[key][1]); }
    else if (key === "Enter" || key === " ") { act(came); }
    else if (key === "f") { along(1); }
    else if (key === "F") { along(-1); }
    else if (key === "u") { fold(); }
    else if (key === "+" || key === "=") { zoom(scale * 1.25); }
    else if (key === "-") { zoom(scale * 0.8); }
    else if (key === "0") { fit(); }
    else { done = false; }
    if (done) { event.preventDefault(); }
  });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { choose(null); } });

  // By pointer: a click chooses, a drag moves the picture.
  var held = null, moved = false;
  canvas.addEventListener("pointerdown", function (event) {
    if (event.pointerType !== "mouse" || event.button !== 0) { return; }
    held = [event.clientX, event.clientY, canvas.scrollLeft, canvas.scrollTop];
    moved = false;
  });
  addEventListener("pointermove", function (event) {
    if (!held) { return; }
    if (Math.abs(event.clientX - held[0]) + Math.abs(event.clientY - held[1]) > 5) { moved = true; canvas.classList.add("held"); }
    if (moved) { canvas.scrollLeft = held[2] - event.clientX + held[0]; canvas.scrollTop = held[3] - event.clientY + held[1]; }
  });
  addEventListener("pointerup", function () { held = null; canvas.classList.remove("held"); });
  canvas.addEventListener("click", function (event) {
    if (moved) { moved = false; return; }
    var each = event.target.closest("g.box, g.arrow");
    if (each) { act(each); } else { choose(null); }
  });
  canvas.addEventListener("wheel", function (event) {
    if (!event.ctrlKey) { return; }
    event.preventDefault();
    zoom(scale * (event.deltaY < 0 ? 1.15 : 0.87));
  }, { passive: false });

  by("nearer").addEventListener("click", function () { zoom(scale * 1.25); });
  by("farther").addEventListener("click", function () { zoom(scale * 0.8); });
  by("fit").addEventListener("click", fit);
  by("list").addEventListener("click", function () { open(side.hidden); });
  by("close").addEventListener("click", function () { open(false); choose(null); by("list").focus(); });
  view.addEventListener("change", function () { show(view.value); });
  list(side, "#findings button").forEach(function (each) { each.addEventListener("click", function () { follow(each); }); });
  by("filter").addEventListener("input", function (event) { if (event.target !== view) { filter(); } });
  by("filter").addEventListener("submit", function (event) { event.preventDefault(); });
  addEventListener("resize", function () { if (fitted) { fit(); } });
  document.documentElement.classList.add("ready");
  show(home);
}());
