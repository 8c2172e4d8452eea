// The adapter of fetch in Node.js (18 or later): one call a line on standard input, one outcome a line on standard output.
import { createInterface } from "node:readline";

const UNKNOWN = { outcome: "unknown", detail: "the reply is no envelope" };

// The body alone decides: 0 is a success, any other whole number an error, anything else is unknown.
function read(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return { outcome: "unknown", detail: "the reply is no JSON" };
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) return UNKNOWN;
  const code = value.result_code;
  if (!Number.isInteger(code)) return UNKNOWN;
  if (code !== 0) {
    const id = value.error?.id;
    return { outcome: "error", error_id: typeof id === "string" ? id : null, result_code: code };
  }
  const uuids = value.uuids ?? [];
  const isList = Array.isArray(uuids) && uuids.every((uuid) => typeof uuid === "string");
  return isList ? { outcome: "success", uuids } : UNKNOWN;
}

async function place(call) {
  const credentials = Buffer.from(`${call.domain}:${call.token}`, "utf8").toString("base64");
  try {
    const response = await fetch(`${call.base_url}/call_user`, {
      method: "POST",
      headers: { Authorization: `Basic ${credentials}`, "Content-Type": "application/json" },
      body: JSON.stringify(call.params),
      redirect: "manual",
      signal: AbortSignal.timeout(call.timeout_s * 1000),
    });
    return read(await response.text());
  } catch (error) {
    const wasSent = error.cause?.code !== "ECONNREFUSED";
    return { outcome: wasSent ? "unknown" : "not-sent", detail: error.name };
  }
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  const call = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ case: call.case, ...(await place(call)) })}\n`);
});
