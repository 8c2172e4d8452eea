"use strict";
// What is told of a message: its body as text, and the lines that send it again.
const run = JSON.parse(document.getElementById("data").textContent);
const text = (number) => run.texts[number];

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else if (value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

function bodyText(body) {
  if (!Array.isArray(body)) return body;
  const bytes = Uint8Array.from(atob(body[0]), (letter) => letter.charCodeAt(0));
  return new TextDecoder("utf-8").decode(bytes);
}

function shownBody(body) {
  const plain = bodyText(body);
  try {
    return JSON.stringify(JSON.parse(plain), null, 2);
  } catch {
    return plain;
  }
}

function base64(body) {
  if (Array.isArray(body)) return body[0];
  return btoa(String.fromCharCode(...new TextEncoder().encode(body)));
}

// A body goes to a shell as it is only where every letter can be seen, and no @ names a file to curl.
const isPlain = (body) => !Array.isArray(body) && !/^@|[\p{C}\p{Zl}\p{Zp}]|[^\S ]/u.test(body);
const shellQuoted = (word) => "'" + word.replaceAll("'", "'\"'\"'") + "'";

function curlOf([, , , body, , curl]) {
  const line = text(curl);
  if (body === "") return line;
  if (isPlain(body)) return `${line} --data-binary ${shellQuoted(body)}`;
  return `printf %s ${base64(body)} | base64 -d | ${line} --data-binary @-`;
}

function pythonOf([method, place, headers, body]) {
  const fields = text(headers).split("\n").filter(Boolean).map((line) => line.split(/: (.*)/s));
  const signsIn = fields.some(([name]) => name.toLowerCase() === "authorization");
  const sent = fields.filter(([name]) => !["authorization", "host"].includes(name.toLowerCase()));
  const content = isPlain(body) ? `${JSON.stringify(body)}.encode()` : `base64.b64decode("${base64(body)}")`;
  return [
    ...(isPlain(body) ? [] : ["import base64", ""]),
    "import httpx",
    "",
    "with httpx.Client(trust_env=False) as client:",
    "    reply = client.request(",
    `        ${JSON.stringify(text(method))},`,
    `        ${JSON.stringify(text(place))},`,
    `        headers=${JSON.stringify(sent)},`,
    ...(body === "" ? [] : [`        content=${content},`]),
    ...(signsIn ? ['        auth=("DOMAIN", "TOKEN"),'] : []),
    "    )",
    "print(reply.status_code, reply.text)",
    "",
  ].join("\n");
}

// The journal stands beside the page, wherever both are: the page itself does not say where.
const beside = new URL(run.journal, location.href);
const journal = beside.protocol === "file:" ? decodeURIComponent(beside.pathname) : run.journal;

function replayOf(id, rows) {
  if (run.role === "server") return `basix-contract replay ${shellWord(id)} --journal ${shellWord(journal)}`;
  const only = rows.map((row) => ` --only ${row}`).join("");
  const [options, ...command] = run.command.split(" -- ");
  return [options + only, ...command].join(" -- ");
}

const shellWord = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : shellQuoted(word));

async function copy(button, value) {
  try {
    await navigator.clipboard.writeText(value);
  } catch {
    const area = element("textarea");
    area.value = value;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const said = button.textContent;
  button.textContent = "copied";
  setTimeout(() => { button.textContent = said; }, 1200);
}

const copyButton = (label, value) =>
  element("button", { type: "button", class: "copy", onclick: (event) => copy(event.currentTarget, value()) }, label);
