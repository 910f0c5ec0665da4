# BigQuery's SQL, evaluated by a process that the client starts itself: see the head of bigquery.py.
# Sourced by .ci/engines.
# shellcheck shell=bash disable=SC2154

bring() {
    local begun=$SECONDS log=$engines/logs/bigquery-compile.log
    virtual_environment bigquery
    "$engines/bigquery/bin/python" -B "$home/bigquery.py" --compile "$engines/bigquery/evaluator.cwasm" >"$log" 2>&1 ||
        fail "the evaluator does not compile: $(tail -n 1 "$log") (all of it: $log)"
    ((SECONDS - begun < 5)) || say "compiled the evaluator in $((SECONDS - begun)) s"
}

start() {
    give ETALON_BIGQUERY "$engines/bigquery/bin/python -B $home/bigquery.py $engines/bigquery/evaluator.cwasm"
}
