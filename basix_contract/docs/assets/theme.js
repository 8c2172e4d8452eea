// Runs before anything is painted: the theme chosen last time, else that of the system.
(function () {
  "use strict";
  try {
    var chosen = localStorage.getItem("basix-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch (refused) {
    // A browser may refuse storage to pages on disk; the system's theme is shown then.
  }
})();
