(function () {
  "use strict";
  var form = document.getElementById("filter"), told = document.getElementById("told");
  if (!form) { return; }
  var all = Array.prototype.slice.call(document.querySelectorAll("article"));
  function show() {
    var words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean), count = 0;
    var kinds = Array.prototype.filter.call(form.elements.kind, function (box) { return box.checked; })
      .map(function (box) { return box.value; });
    all.forEach(function (each) {
      var text = each.textContent.toLowerCase();
      var fits = kinds.indexOf(each.getAttribute("data-kind")) >= 0 &&
        words.every(function (word) { return text.indexOf(word) >= 0; });
      each.hidden = !fits;
      count += fits ? 1 : 0;
    });
    Array.prototype.forEach.call(document.querySelectorAll("section.rule"), function (section) {
      section.hidden = !section.querySelector("article:not([hidden])");
    });
    told.textContent = count + " of " + all.length + " shown";
  }
  form.addEventListener("input", show);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  document.documentElement.classList.add("ready");
  show();
}());
