"use strict";
// The viewer is bound to this mock; beside it stands what the mock's read-out tells, asked for every second.
const BEAT_MS = 1000, MOST_EVENTS = 40;
const byId = (id) => document.getElementById(id);

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// The command line puts the mock's own credentials behind the #, which no browser sends anywhere.
const [domain, token] = decodeURIComponent(location.hash.slice(1)).split(":");
const inbox = new URL("inbox", location.href).href.split("#")[0];
byId("inbox").textContent = inbox;
if (token) {
  byId("domain").textContent = domain;
  byId("token").textContent = token;
}

const darkness = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", darkness.matches);
darkness.addEventListener("change", follow);
follow();

const viewer = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#viewer",
  deepLinking: false,
  docExpansion: "full",
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
  syntaxHighlight: { activated: false },
  tryItOutEnabled: true,
  onComplete: () => { if (token) viewer.preauthorizeBasic("basicAuth", domain, token); },
});

// The viewer leaves some of its fields without a name; whoever cannot see them must be told what they are.
const NAMES = [
  ["#servers", "aria-label", "server"],
  ["textarea.body-param__text", "aria-label", "request body"],
  [".examples-select-element", "aria-label", "example"],
  [".content-type", "aria-label", "media type"],
  ["h3.opblock-tag", "aria-level", "2"],
  ["h4", "aria-level", "3"],
  [".information-container", "role", "region"],
  [".information-container", "aria-label", "about the document"],
  [".scheme-container", "role", "region"],
  [".scheme-container", "aria-label", "server and credentials"],
  ["h5", "aria-level", "4"],
];

function name() {
  for (const [selector, attribute, value] of NAMES)
    for (const found of document.querySelectorAll(`#viewer ${selector}`))
      if (found.getAttribute(attribute) !== value) found.setAttribute(attribute, value);
}
new MutationObserver(name).observe(byId("viewer"), { childList: true, subtree: true });

function legOf(leg) {
  const why = leg.cause && leg.cause !== leg.state ? ` (${leg.cause})` : "";
  return element("li", {}, `terminal ${leg.terminal} `, element("code", {}, leg.uuid.slice(0, 8)), ` ${leg.state}${why}`);
}

function callbackOf(callback) {
  const came = callback.error ? element("span", { class: "bad" }, callback.error) : element("span", { class: "good" }, String(callback.status));
  return element("li", {}, "callback ", element("code", {}, callback.url), " ", element("code", {}, callback.body), " answered ", came);
}

function callOf(call) {
  const outcome = call.outcome || "ringing";
  const kind = outcome === "answered" ? "good" : outcome === "ringing" ? "soft" : "bad";
  return element("li", {},
    element("b", {}, call.user), " is rung for ", element("code", {}, String(call.destination.called_number ?? call.destination.value ?? JSON.stringify(call.destination))), " ",
    element("span", { class: kind }, outcome),
    element("ul", {}, ...call.legs.map(legOf), ...call.callbacks.map(callbackOf)));
}

const SAID = {
  call: (detail) => `call: ${detail.user} is rung`,
  reply: (detail) => `reply: ${detail.status} ${detail.body}`,
  callback: (detail) => `callback: ${detail.body} → ${detail.error ?? detail.status}`,
};

let shown = "";

async function look() {
  const [calls, events] = await Promise.all(["calls", "events"].map(async (name) => (await fetch(name)).json()));
  const now = JSON.stringify([calls, events]);
  if (now === shown) return;
  shown = now;
  const many = calls.calls.length;
  byId("count").textContent = many === 0 ? "no call yet" : `${many} call${many > 1 ? "s" : ""}, the latest first`;
  byId("calls").replaceChildren(...calls.calls.toReversed().map(callOf));
  const told = events.events.filter((event) => event.kind in SAID).slice(-MOST_EVENTS);
  byId("events").replaceChildren(...told.map((event) => element("li", {}, element("code", {}, SAID[event.kind](event.detail)))));
}

async function introduce() {
  const directory = await (await fetch("directory")).json();
  byId("directory").replaceChildren(...directory.users.map((user) => element("li", {},
    element("b", {}, user.name || user.label || String(user.id)), user.id === null ? " · " : ` user_id ${user.id} · `,
    element("span", { class: "soft" }, user.outcome))));
}

async function watch() {
  try {
    await look();
  } catch {
    byId("count").textContent = "the mock does not answer any more";
  }
  setTimeout(watch, BEAT_MS);
}

byId("forget").addEventListener("click", async () => { await fetch("reset", { method: "POST" }); await look(); });
byId("copy-inbox").addEventListener("click", (event) => {
  const button = event.currentTarget;
  navigator.clipboard.writeText(inbox).then(() => { button.textContent = "copied"; });
});
introduce();
watch();
