// The page: rows open with their evidence, filters, deep links, and scenarios a portion at a time.
const PORTION = 100, FEW = 12;
document.documentElement.classList.add("has-script");

const numbered = (item) => (Array.isArray(item) ? item : [item, -1]);

function evidenceOf(evidence, rows) {
  const place = element("div");
  const buttons = [];
  const show = (item, button) => {
    buttons.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
    place.replaceChildren(callOf(...numbered(item), rows));
  };
  const pick = element("div", { class: "pick" });
  const offer = (from, to) => evidence.slice(from, to).forEach((item) => {
    const button = element("button", { type: "button", "aria-pressed": "false", onclick: () => show(item, button) }, run.timelines[numbered(item)[0]][0]);
    buttons.push(button);
    pick.append(button);
  });
  const more = (from, step) => {
    offer(from, from + step);
    const left = evidence.length - from - step;
    if (left <= 0) return;
    const button = element("button", { type: "button", onclick: () => { button.remove(); more(from + step, PORTION); } }, `${left} more`);
    pick.append(button);
  };
  more(0, FEW);
  if (evidence.length && Array.isArray(evidence[0])) show(evidence[0], buttons[0]);
  return element("div", {}, pick, place);
}

function checkOf([id, verdict, detail, evidence], row, isOnly) {
  return element("div", { class: "check" },
    element("h3", {}, element("code", {}, id), " ", element("span", { class: `verdict v-${verdict}` }, verdict)),
    detail && !isOnly ? element("p", {}, detail) : null,
    evidence.length ? element("p", { class: "note" }, `${evidence.length} call${evidence.length > 1 ? "s" : ""} looked at`) : null,
    evidence.length ? evidenceOf(evidence, [row]) : null);
}

function factsOf(told) {
  const facts = element("dl", { class: "facts" });
  const add = (name, ...values) => { if (values.length) facts.append(element("dt", {}, name), element("dd", {}, ...values)); };
  if (told.source) add("source", told.source);
  (told.readings ?? []).forEach(([reading, isAllowed]) => add("reading", `${reading}: ${isAllowed ? "passes" : "breaks it"}`));
  if (told.needs?.length) add("needs", ...told.needs.flatMap((need) => [element("a", { href: `#${need}` }, need), " "]));
  return facts;
}

function fill(row) {
  if (row.dataset.filled) return;
  row.dataset.filled = "yes";
  const told = run.requirements[row.id];
  const command = `basix-contract explain ${row.id}`;
  row.querySelector(".body").append(
    factsOf(told), ...told.checks.map((check) => checkOf(check, row.id, told.checks.length === 1)),
    element("p", { class: "send" }, element("code", {}, command), copyButton("copy", () => command),
      copyButton("copy link", () => `${location.href.split("#")[0]}#${row.id}`)));
}

const rows = [...document.querySelectorAll("details.row")];
rows.forEach((row) => row.addEventListener("toggle", () => { if (row.open) fill(row); }));

// ── filters ──

const filters = document.querySelector(".filters");
const searched = new Map(rows.map((row) => [row, `${row.id} ${row.textContent} ${run.requirements[row.id].checks.map(([id]) => id).join(" ")}`.toLowerCase()]));

function filter() {
  const wanted = new FormData(filters);
  const verdicts = wanted.getAll("verdict");
  const words = wanted.get("words").toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const isShown = verdicts.includes(row.dataset.verdict)
      && [row.dataset.level, ""].includes(wanted.get("level")) && [row.dataset.family, ""].includes(wanted.get("family"))
      && words.every((word) => searched.get(row).includes(word));
    row.hidden = !isShown;
    shown += isShown;
  }
  filters.querySelector(".shown").textContent = shown === rows.length ? `${shown} requirements` : `${shown} of ${rows.length} requirements`;
}

filters.addEventListener("input", filter);
filters.addEventListener("reset", () => setTimeout(filter));
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName)) return;
  event.preventDefault();
  filters.elements.words.focus();
});

function follow() {
  const row = rows.find((one) => one.id === decodeURIComponent(location.hash.slice(1)).toUpperCase());
  if (!row) return;
  if (row.hidden) { filters.reset(); filter(); }
  row.open = true;
  fill(row);
  row.scrollIntoView();
}
window.addEventListener("hashchange", follow);

// ── scenarios ──

function rowsAbout() {
  const about = new Map();
  for (const [id, told] of Object.entries(run.requirements))
    for (const [, , , evidence] of told.checks)
      for (const item of evidence) {
        const number = numbered(item)[0];
        if (!about.has(number)) about.set(number, new Set());
        if (about.get(number).size < 3) about.get(number).add(id);
      }
  return about;
}

const opened = (details, made) => details.addEventListener("toggle", () => {
  if (details.open && !details.dataset.filled) { details.dataset.filled = "yes"; details.append(made()); }
});

function callEntry(number, about) {
  const [id, , title, , , marks] = run.timelines[number];
  const last = marks.at(-1)?.[2] ?? "not sent";
  const entry = element("details", { class: "call" }, element("summary", {}, element("code", {}, id), ` ${title} `, element("span", { class: "note" }, last)));
  opened(entry, () => callOf(number, -1, [...(about.get(number) ?? [])]));
  return entry;
}

function portion(numbers, from, about) {
  const part = element("div", {}, ...numbers.slice(from, from + PORTION).map((number) => callEntry(number, about)));
  const left = numbers.length - from - PORTION;
  if (left > 0) {
    const button = element("button", { type: "button", onclick: () => button.replaceWith(portion(numbers, from + PORTION, about)) }, `${left} more calls`);
    part.append(button);
  }
  return part;
}

function scenarios() {
  const sorted = new Map(), about = rowsAbout();
  run.timelines.forEach((timeline, number) => {
    const scenario = text(timeline[1]);
    if (!sorted.has(scenario)) sorted.set(scenario, []);
    sorted.get(scenario).push(number);
  });
  for (const [scenario, numbers] of sorted) {
    const entry = element("details", { class: "scenario" }, element("summary", {}, `${scenario} `, element("span", { class: "note" }, `${numbers.length} call${numbers.length > 1 ? "s" : ""}`)));
    opened(entry, () => portion(numbers, 0, about));
    document.getElementById("scenario-list").append(entry);
  }
}

// ── begin ──

document.querySelectorAll(".drawn").forEach((place) => {
  const told = run.requirements[place.dataset.row].checks.find(([, , , evidence]) => evidence.length && Array.isArray(evidence[0]));
  if (told) place.append(callOf(...told[3][0], [place.dataset.row]));
  else place.querySelector("pre").classList.remove("as-text");
});
document.querySelectorAll("button[data-copy]").forEach((button) => button.addEventListener("click", () => copy(button, button.dataset.copy)));
scenarios();
filter();
follow();
