#!/usr/bin/env bash
# What the GitHub Action (action.yml) runs:
#   action.sh install   puts privacy-rules on the PATH of the steps that follow, in an environment of its own
#   action.sh check     checks, writes the reports, and ends with the exit code of the check
# All inputs come as PRIVACY_RULES_…; lists have one item on a line.
set -euo pipefail

fail() {
  echo "::error title=privacy-rules::$1"
  exit 2
}

# Outputs are lines: a value with a line end could forge another output.
one_line() {
  case $2 in
    *$'\n'* | *$'\r'*) fail "the input $1 has more than one line" ;;
  esac
}

trimmed() {
  local text=$1
  text="${text#"${text%%[![:space:]]*}"}"
  printf '%s' "${text%"${text##*[![:space:]]}"}"
}

install() {
  local environment=$RUNNER_TEMP/privacy-rules-environment bin
  local package=$GITHUB_ACTION_PATH
  local version=${PRIVACY_RULES_VERSION:-}
  if [ -n "$version" ]; then
    case $version in
      *[!0-9A-Za-z.+!-]*) fail "the input version is no version such as 1.2.3" ;;
    esac
    package=privacy-rules==$version
  fi
  # -I: what stands in the checked folder is not taken for a part of Python
  python -I -m venv "$environment"
  bin=$environment/bin
  [ -d "$bin" ] || bin=$environment/Scripts
  "$bin/python" -I -m pip install --quiet --disable-pip-version-check "$package"
  echo "$bin" >>"$GITHUB_PATH"
}

words=()

# Adds an option once for each line of a list.
option_for_each() {
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line=$(trimmed "$line")
    [ -z "$line" ] || words+=("$1=$line")
  done <<<"$2"
}

option() {
  [ -z "$2" ] || words+=("$1=$2")
}

# After `--`, so that a name that begins with a dash is not an option.
arguments() {
  local line
  words+=(--)
  while IFS= read -r line || [ -n "$line" ]; do
    line=$(trimmed "$line")
    [ -z "$line" ] || words+=("$line")
  done <<<"$1"
}

# A report's file as later steps find it, which run from the workspace.
from_workspace() {
  case $1 in
    /* | ?:[\\/]*) printf '%s' "$1" ;;
    *) if [ "$2" = . ]; then printf '%s' "$1"; else printf '%s' "${2%/}/$1"; fi ;;
  esac
}

output() {
  echo "$1=$2" >>"$GITHUB_OUTPUT"
}

output_file() {
  if [ -n "$2" ] && [ -f "$2" ]; then
    output "$1" "$(from_workspace "$2" "$folder")"
  fi
}

# GitHub refuses a summary of more than 1 MiB, and with it the whole step.
summarise() {
  if [ -z "$1" ] || [ ! -f "$1" ]; then
    echo "privacy-rules judged nothing; the step's log says why." >>"$GITHUB_STEP_SUMMARY"
  elif [ "$(wc -c <"$1")" -gt 1000000 ]; then
    echo "The report of privacy-rules is too long to be shown here: see $1." >>"$GITHUB_STEP_SUMMARY"
  else
    cat "$1" >>"$GITHUB_STEP_SUMMARY"
  fi
}

# Compares the policy with that of `since`, and adds the answer to the report.
compare() {
  local changes=$1 report=$2 since=$3 answer=${RUNNER_TEMP:-/tmp}/privacy-rules-changes.md code=0
  words=(diff "--fail-on=$changes" "--format=markdown=$answer")
  arguments "$since...HEAD"$'\n'"${PRIVACY_RULES_POLICY:-}"
  rm -f -- "$answer"
  privacy-rules "${words[@]}" || code=$?
  if [ -f "$answer" ]; then
    { echo; cat "$answer"; } >>"$report"
  fi
  [ "$code" -ne 1 ] || echo "::error title=privacy-rules::the policy has a change that fails ($changes); the summary shows it"
  return "$code"
}

check() {
  local sarif=${PRIVACY_RULES_SARIF_FILE:-} comment=${PRIVACY_RULES_COMMENT_FILE:-} report code=0
  local since=${PRIVACY_RULES_SINCE:-} changes=${PRIVACY_RULES_FAIL_ON_POLICY_CHANGE:-}
  folder=${PRIVACY_RULES_WORKING_DIRECTORY:-.}
  one_line sarif-file "$sarif"
  one_line comment-file "$comment"
  one_line working-directory "$folder"
  one_line since "$since"
  [ -z "$changes" ] || [ -n "$since" ] || fail "the input fail-on-policy-change needs the input since"
  cd -- "$folder" || fail "there is no working-directory $folder"
  report=${comment:-${RUNNER_TEMP:-/tmp}/privacy-rules.md}

  words=(check --format=github "--format=markdown=$report")
  [ -z "$sarif" ] || words+=("--format=sarif=$sarif")
  option_for_each --policy "${PRIVACY_RULES_POLICY:-}"
  option --since "$since"
  option --baseline "${PRIVACY_RULES_BASELINE:-}"
  option --fail-on "${PRIVACY_RULES_FAIL_ON:-}"
  arguments "${PRIVACY_RULES_MANIFESTS:-}"

  rm -f -- "$report" ${sarif:+"$sarif"} # none of an earlier run is taken for one of this
  privacy-rules "${words[@]}" || code=$?
  if [ -n "$changes" ] && [ "$code" -lt 2 ]; then
    compare "$changes" "$report" "$since" || code=$(($? > code ? $? : code))
  fi

  summarise "$report"
  output_file sarif "$sarif"
  output_file markdown "$comment"
  output exit-code "$code"
  exit "$code"
}

case ${1:-} in
  install) install ;;
  check) check ;;
  *) fail "action.sh wants install or check" ;;
esac
