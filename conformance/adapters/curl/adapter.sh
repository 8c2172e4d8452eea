#!/usr/bin/env bash
# The adapter of curl: one call a line on standard input, one outcome a line on standard output.
# Needs curl and flock, and jq to read the replies.
LC_ALL=C.UTF-8

for tool in curl flock jq; do
  command -v "$tool" >/dev/null || { echo "this adapter needs $tool, which is not installed" >&2; exit 2; }
done

# From "case, curl's exit code, the reply in base64" to an outcome. The body alone decides: 0 is a success, any other
# whole number an error, anything else is unknown.
outcome='
  def unknown: {outcome: "unknown", detail: "no reply that is an envelope"};
  def read: if length != 1 or (.[0] | type) != "object" then unknown
  else .[0] | .result_code as $code
  | if ($code | type) != "number" or ($code | floor) != $code then unknown
    elif $code != 0 then {outcome: "error", error_id: ((.error | .id? | strings) // null), result_code: $code}
    elif (.uuids // []) | type == "array" and all(type == "string") then {outcome: "success", uuids: (.uuids // [])}
    else unknown end
  end;
  split(" ") as [$case, $exit, $reply]
  | {case: $case} + if $exit == "0" then [$reply | @base64d | fromjson?] | read
    elif $exit == "7" then {outcome: "not-sent", detail: "no connection"}
    else unknown end'

# Puts a member of the call, as it stands in its quotes, into the variable of its name.
quoted() { [[ $call =~ \"$1\":\ \"(([^\"\\]|\\.)*)\" ]] && printf -v "$1" '%s' "${BASH_REMATCH[1]}"; }
# The same with its JSON escapes undone, and written as curl's own words are, which know two escapes.
word() {
  quoted "$1"
  local value=${!1}
  printf -v value '%b' "${value//\\\"/\"}"
  value=${value//\\/\\\\}
  printf -v "$1" '%s' "${value//\"/\\\"}"
}

place() {
  local call=$1 case base_url domain token params limit reply
  quoted case
  word base_url
  word domain
  word token
  params=${call#*\"params\": }
  params=${params%, \"timeout_s\": *}
  params=${params//\\/\\\\}
  limit=${call##*\"timeout_s\": }
  # Over standard input, so that the token is in no list of processes.
  reply=$(set -o pipefail; curl --disable --silent --config - <<END | base64 --wrap=0
url = "$base_url/call_user"
user = "$domain:$token"
header = "Content-Type: application/json"
data-binary = "${params//\"/\\\"}"
max-time = ${limit%\}}
END
  )
  local exit=$?
  { flock 9; printf '%s\n' "$case $exit $reply"; } 9<"$0"
}

while IFS= read -r call; do
  place "$call" &
done | jq --unbuffered --raw-input --compact-output "$outcome"
