#!/usr/bin/env bash
# The adapter of curl: one call a line on standard input, one outcome a line on standard output.
# Needs curl and flock, and jq to read the replies.
LC_ALL=C.UTF-8

for tool in curl flock jq; do
  command -v "$tool" >/dev/null || { echo "this adapter needs $tool, which is not installed" >&2; exit 2; }
done

# The body alone decides: 0 is a success, any other whole number an error, anything else is unknown.
outcome='
  def unknown: {outcome: "unknown", detail: "the reply is no envelope"};
  {$case} + if length != 1 or (.[0] | type) != "object" then unknown
  else .[0] | .result_code as $code
  | if ($code | type) != "number" or ($code | floor) != $code then unknown
    elif $code != 0 then {outcome: "error", error_id: ((.error | .id? | strings) // null), result_code: $code}
    elif (.uuids // []) | type == "array" and all(type == "string") then {outcome: "success", uuids: (.uuids // [])}
    else unknown end
  end'

# A member of the line as it stands in its quotes, and with its JSON escapes undone.
quoted() { [[ $call =~ \"$1\":\ \"(([^\"\\]|\\.)*)\" ]] && printf '%s' "${BASH_REMATCH[1]}"; }
text() { local raw; raw=$(quoted "$1"); printf '%b' "${raw//\\\"/\"}"; }
# A value for curl's own words, which know these two escapes.
word() { local value=${1//\\/\\\\}; printf '"%s"' "${value//\"/\\\"}"; }

place() {
  local call=$1 params limit reply said
  params=${call#*\"params\": }
  limit=${call##*\"timeout_s\": }
  # Over standard input, so that the token is in no list of processes.
  reply=$(curl --disable --silent --config - <<END
url = $(word "$(quoted base_url)/call_user")
user = $(word "$(text domain):$(text token)")
header = "Content-Type: application/json"
data-binary = $(word "${params%, \"timeout_s\": *}")
max-time = ${limit%\}}
END
  )
  case $? in
    0) said=$(jq -cs --arg case "$(quoted case)" "$outcome" <<<"$reply" 2>/dev/null) ;;
    7) said="{\"case\":\"$(quoted case)\",\"outcome\":\"not-sent\",\"detail\":\"no connection\"}" ;;
  esac
  [ -n "$said" ] || said="{\"case\":\"$(quoted case)\",\"outcome\":\"unknown\",\"detail\":\"no reply that is JSON\"}"
  flock "$0" printf '%s\n' "$said"
}

while IFS= read -r call; do
  place "$call" &
done
wait
