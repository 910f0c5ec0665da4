# A server that speaks the wire of Snowflake; it translates to DuckDB, so it is an emulator and no Snowflake.
# Sourced by .ci/engines.
# shellcheck shell=bash disable=SC2154

bring() {
    virtual_environment snowflake
    driver snowflake 'lib/*/adbc_driver_snowflake/libadbc_driver_snowflake.so' libadbc_driver_snowflake.so
}

start() {
    local port
    port=$(free_port)
    cd "$run/snowflake" || return
    launch TERM env TZ=UTC "$engines/snowflake/bin/python" -B "$home/snowflake_server.py" "$port"
    ready 60 listens "$port"
    # Any name and any password will do for it.
    give ETALON_SNOWFLAKE "etalon:etalon@127.0.0.1:$port/etalon/public?account=fakesnow&protocol=http"
}
