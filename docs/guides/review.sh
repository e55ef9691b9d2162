#!/bin/sh
# One review of models without GitHub, for cron: what is new, whether it is better, what would change, and whether
# a deployed route has regressed. Run it in the folder of bench.yaml:
#
#     17 5 * * 1  cd /srv/models && flock -n .review env ORG=acme ./review.sh
#
# Variables: ORG (needed), BUDGET_USD (20), TASKS (all), DEPLOYED (deployed/$ORG.json), STRICT (false; true = 5 also
# for an expired table or a cheaper model), COMMENT_ON (nothing; owner/repository/issues/7 = the report is one comment
# there that each review writes anew, by gh).
# Ends with 0 where all stands, 5 where a deployed route has regressed, else with the code of the command that failed.
set -eu
: "${ORG:?set it to an organisation of bench.yaml}"
DEPLOYED=${DEPLOYED:-deployed/$ORG.json}
report=results/reports/$ORG.md

say() { echo "review: $*" >&2; }

shared() { grep -q '^store:' bench.yaml; }

if shared && ! bench store pull --org "$ORG"; then
  if [ ! -e results/snapshots/current ]; then
    say "the store is away and nothing is measured here: all would be paid for again"
    exit 1
  fi
  say "the store is away; going on with what is measured here"
fi

if [ -f "$DEPLOYED" ]; then
  mkdir -p results/routing
  cp "$DEPLOYED" "results/routing/$ORG.json"
fi

bench models discover || say "no list of models could be read; racing what bench.yaml names"

code=0
bench run --org "$ORG" ${TASKS:+--tasks "$TASKS"} --new-models --until-decided \
  --budget "${BUDGET_USD:-20}" --yes || code=$?
# 3: some cells failed, 4: the budget was reached. Both are told in the report, and the next run goes on.
case "$code" in 0 | 3 | 4) ;; *) exit "$code" ;; esac

if shared && ! bench store push --org "$ORG"; then
  say "the store is away; what was measured is kept here, and the next review pushes it"
fi

code=0
if [ -f "$DEPLOYED" ]; then
  bench route --org "$ORG" --diff "$DEPLOYED"
  bench route --org "$ORG" --check "$DEPLOYED" || code=$?
  case "$code" in 0 | 5) ;; *) exit "$code" ;; esac
  [ "${STRICT:-false}" = true ] || code=0
  harm=0
  bench route --org "$ORG" --regressed "$DEPLOYED" || harm=$?
  case "$harm" in 0) ;; 5) code=5 ;; *) exit "$harm" ;; esac
  bench report --org "$ORG" --deployed "$DEPLOYED" --format md,html
else
  say "no table is deployed as $DEPLOYED; today's is results/routing/$ORG.json"
  bench report --org "$ORG" --format md,html
fi

if [ -n "${COMMENT_ON:-}" ]; then
  MARKER=$(head -n 1 "$report")
  LOGIN=$(gh api user --jq .login)
  export MARKER LOGIN
  mine='.[] | select(.user.login == env.LOGIN and (.body | startswith(env.MARKER))) | .id'
  id=$(gh api --paginate "repos/$COMMENT_ON/comments" --jq "$mine" | head -n 1)
  if [ -n "$id" ]; then
    gh api --method PATCH "repos/${COMMENT_ON%/*}/comments/$id" --field "body=@$report" > /dev/null
  else
    gh api --method POST "repos/$COMMENT_ON/comments" --field "body=@$report" > /dev/null
  fi
fi
exit "$code"
