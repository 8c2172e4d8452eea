// Search, theme and copy buttons. Every page can be read without them.
(function () {
  "use strict";
  var byId = function (id) { return document.getElementById(id); };

  function theme() {
    var button = byId("theme");
    var dark = window.matchMedia("(prefers-color-scheme: dark)");
    function isDark() {
      var chosen = document.documentElement.dataset.theme;
      return chosen ? chosen === "dark" : dark.matches;
    }
    function show() { button.textContent = isDark() ? "Light" : "Dark"; }
    button.addEventListener("click", function () {
      var next = isDark() ? "light" : "dark";
      document.documentElement.dataset.theme = next;
      try { localStorage.setItem("basix-theme", next); } catch (refused) { /* it holds for this page, then */ }
      show();
    });
    dark.addEventListener("change", show);
    button.hidden = false;
    show();
  }

  function copying() {
    document.querySelectorAll("figure.code").forEach(function (figure) {
      if (!navigator.clipboard) return;
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.setAttribute("aria-label", "Copy: " + figure.querySelector("figcaption").textContent);
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(figure.querySelector("code").textContent).then(
          function () { button.textContent = "Copied"; },
          function () { button.textContent = "Not copied"; }
        );
      });
      figure.querySelector("figcaption").append(button);
    });
  }

  function score(entry, words) {
    var heading = entry[2].toLowerCase(), page = entry[1].toLowerCase(), text = entry[3].toLowerCase();
    var total = 0;
    for (var at = 0; at < words.length; at += 1) {
      var word = words[at];
      var here = heading === word ? 100 : heading.startsWith(word) ? 40 : heading.includes(word) ? 20
        : page.includes(word) ? 6 : text.includes(word) ? 3 : 0;
      if (!here) return 0;
      total += here;
    }
    return total;
  }

  function line(entry) {
    var item = document.createElement("li");
    var link = document.createElement("a");
    link.href = entry[0];
    link.textContent = entry[2];
    var where = document.createElement("span");
    where.className = "where";
    where.textContent = entry[1];
    var text = document.createElement("p");
    text.textContent = entry[3].slice(0, 160);
    item.append(link, " ", where, text);
    return item;
  }

  function search() {
    var field = byId("search"), found = byId("found"), told = byId("told"), results = byId("results");
    var shown = 20;
    function show() {
      var words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      found.hidden = !words.length;
      if (!words.length) return;
      var hits = window.searchIndex
        .map(function (entry) { return { entry: entry, score: score(entry, words) }; })
        .filter(function (hit) { return hit.score; })
        .sort(function (one, other) { return other.score - one.score; });
      told.textContent = hits.length === 1 ? "1 place" : hits.length + " places" +
        (hits.length > shown ? ", the best " + shown + " are shown" : "");
      results.replaceChildren.apply(results, hits.slice(0, shown).map(function (hit) { return line(hit.entry); }));
    }
    field.addEventListener("input", show);
    field.form.addEventListener("submit", function (event) {
      event.preventDefault();
      var first = results.querySelector("a");
      if (first && !found.hidden) first.click();
    });
    results.addEventListener("click", function (event) {
      if (event.target.closest("a")) found.hidden = true;
    });
    document.addEventListener("keydown", function (event) {
      var isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
      if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        field.focus();
      }
      if (event.key === "Escape" && !found.hidden) {
        found.hidden = true;
        field.focus();
      }
    });
  }

  theme();
  copying();
  search();
})();
