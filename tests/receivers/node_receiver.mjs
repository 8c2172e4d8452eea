// A receiver on node's http: it keeps no uuids, closes the connection on large bodies, and answers with a line of text.
import http from 'node:http';

const MOST_BYTES = 1_000_000;
const calls = new Map();

function outcomeOf(text) {
  let told;
  try {
    told = JSON.parse(text);
  } catch {
    return null;
  }
  if (told === null || typeof told !== 'object' || !Number.isInteger(told.result_code)) return null;
  if (told.result_code === 0) return typeof told.uuid === 'string' ? 'answered' : null;
  return typeof told.error?.id === 'string' ? 'not-answered' : null;
}

function answer(response, status, text) {
  response.writeHead(status, { 'Content-Type': 'text/plain' });
  response.end(text);
}

const server = http.createServer((request, response) => {
  const [, kind, id] = request.url.split('/');
  if (kind === 'look') return answer(response, 200, JSON.stringify({ outcome: calls.get(id) ?? 'unknown' }));
  if (request.method !== 'POST') return answer(response, 405, 'POST only\n');
  const pieces = [];
  let length = 0;
  request.on('data', (piece) => {
    length += piece.length;
    if (length > MOST_BYTES) request.destroy();
    else pieces.push(piece);
  });
  request.on('error', () => {});
  request.on('end', () => {
    const outcome = outcomeOf(Buffer.concat(pieces).toString('utf8'));
    if (outcome === null) return answer(response, 400, 'that is no result\n');
    if (!calls.has(id)) calls.set(id, outcome);
    answer(response, 200, 'noted\n');
  });
});

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
