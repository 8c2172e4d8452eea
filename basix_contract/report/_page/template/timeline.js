// A call as a picture: a lane for each side, a row for each moment, deadlines as bands, the broken edge in red.
const SVG = "http://www.w3.org/2000/svg";
const LEFT = 92, GAP = 300, ROW = 34, TOP = 46;

function drawn(name, attributes, label) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (label !== undefined) made.textContent = label;
  return made;
}

function picture(timeline, broken) {
  const [id, , title, , , marks, bands] = timeline;
  const lanes = new Map(run.lanes.map(([lane], place) => [lane, LEFT + 40 + place * GAP]));
  const moments = [...marks.map((mark, place) => [mark[0], place]), ...bands.flatMap(([, to]) => [[to, null]])];
  moments.sort((one, other) => one[0] - other[0]);
  const rows = new Map(), times = [];
  for (const [at, place] of moments) {
    if (place === null && times.length && times.at(-1)[0] === at) continue;
    if (place !== null) rows.set(place, TOP + times.length * ROW + ROW / 2);
    times.push([at, TOP + times.length * ROW + ROW / 2]);
  }
  const height = TOP + times.length * ROW + 14;
  const width = LEFT + 40 + (run.lanes.length - 1) * GAP + 190;
  const told = marks.map((mark, place) => `${mark[1]} ${mark[2]}${place === broken ? " (not as it must be)" : ""}`);
  const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${id}, ${title}: ${told.join("; ")}` });
  for (const [lane, who] of run.lanes) {
    svg.append(drawn("text", { x: lanes.get(lane), y: 20, "text-anchor": "middle", class: "who" }, who));
    svg.append(drawn("line", { x1: lanes.get(lane), x2: lanes.get(lane), y1: 30, y2: height - 4, class: "lane" }));
  }
  for (const band of bands) svg.append(...bandOf(band, lanes, times));
  let last = null;
  for (const [at, y] of times) {
    if (at !== last) svg.append(drawn("text", { x: 78, y: y + 4, "text-anchor": "end", class: "time" }, clock(at)));
    last = at;
  }
  marks.forEach((mark, place) => svg.append(markOf(mark, rows.get(place), lanes, place === broken)));
  return element("div", { class: "timeline", tabindex: "0", role: "group", "aria-label": `timeline of ${id}` }, svg);
}

const clock = (ms) => (ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(3)} s`);

function height(at, times) {
  const before = times.findLast(([moment]) => moment <= at) ?? [0, TOP];
  return before[1];
}

function bandOf([from, to, lane, label], lanes, times) {
  const x = lanes.get(lane), start = height(from, times), end = height(to, times);
  const kind = lane === "PBX" ? "hunt" : "band";
  const said = kind === "hunt" ? `${label} (declared)` : label;
  return [
    drawn("rect", { x: x - 7, y: start, width: 14, height: Math.max(end - start, 6), class: kind }),
    drawn("text", { x: x + 13, y: end + (kind === "hunt" ? -8 : 4), class: `${kind}-label` }, said),
  ];
}

function markOf([, kind, label], y, lanes, isBroken) {
  const [from, to, isDashed] = run.routes[kind];
  const group = drawn("g", { class: isBroken ? "broken" : "" });
  const start = lanes.get(from), end = lanes.get(to);
  const said = isBroken ? `✗ ${label}` : label;
  if (start === end) {
    group.append(drawn("circle", { cx: start, cy: y, r: 4, class: "tip" }));
    group.append(drawn("text", { x: start + 13, y: y + 4 }, shortened(said, 60)));
    return group;
  }
  const way = end > start ? 1 : -1, tip = end - 3 * way;
  group.append(drawn("line", { x1: start, y1: y, x2: tip, y2: y, class: isDashed ? "edge dashed" : "edge" }));
  group.append(drawn("path", { d: `M${tip} ${y} l${-9 * way} -4.5 v9 z`, class: "tip" }));
  group.append(drawn("text", { x: (start + end) / 2, y: y - 5, "text-anchor": "middle" }, shortened(said, 40)));
  return group;
}

const shortened = (label, most) => (label.length > most ? `${label.slice(0, most - 1)}…` : label);

function messageOf(mark, isBroken) {
  const [, kind, , message] = mark;
  if (!message) return null;
  const [method, place, headers, body, whole] = message;
  const head = [text(method), text(place)].filter(Boolean).join(" ");
  const size = new TextEncoder().encode(bodyText(body)).length;
  const cut = whole > size ? `\n(the journal holds the beginning of ${whole} bytes)` : "";
  return element("details", { class: "message", open: isBroken ? "" : null },
    element("summary", {}, `${kind} `, element("code", {}, head), " ", element("code", { class: "note" }, shortened(bodyText(body), 140))),
    element("pre", { class: "wrap", tabindex: "0", "aria-label": `${kind} as it went` }, `${text(headers)}\n\n${shownBody(body)}${cut}`));
}

function callOf(number, broken, rows) {
  const timeline = run.timelines[number];
  const [id, scenario, title, expects, began, marks] = timeline;
  const sent = marks.map((mark) => mark[3]).find((message) => message && message[5]);
  const shrunk = run.shrunk[id];
  return element("div", { class: "call-body" },
    element("p", { class: "title" }, element("code", {}, id), ` ${title}`),
    element("p", { class: "note" }, [`scenario ${text(scenario)}`, expects ? `expected ${text(expects)}` : "", began === null ? "" : `${began} s into the run`].filter(Boolean).join(" · ")),
    picture(timeline, broken),
    ...marks.map((mark, place) => messageOf(mark, place === broken)),
    shrunk === undefined ? null : element("p", {}, "smallest that still fails: ", element("code", {}, shrunk)),
    element("div", { class: "send" },
      sent ? copyButton("copy as curl", () => curlOf(sent)) : null,
      sent ? copyButton("copy as Python", () => pythonOf(sent)) : null,
      copyButton(run.role === "server" ? "copy replay command" : "copy command", () => replayOf(shrunk === undefined ? id : id + run.smallest, rows))));
}
