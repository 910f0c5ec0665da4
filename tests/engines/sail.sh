# Sail, one process that speaks Spark's Connect protocol.
# Sourced by .ci/engines.
# shellcheck shell=bash disable=SC2154

bring() {
    virtual_environment sail
    driver sail 'lib/*/adbc_driver_spark/libadbc_driver_spark.so' libadbc_driver_spark.so
}

start() {
    local port
    port=$(free_port)
    launch TERM env TZ=UTC "$engines/sail/bin/python" -m pysail spark server --ip 127.0.0.1 --port "$port" \
        --directory "$run/sail"
    ready 30 listens "$port"
    give ETALON_SAIL "sc://127.0.0.1:$port"
}
