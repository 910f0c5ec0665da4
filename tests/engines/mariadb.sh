# MariaDB and its ODBC driver from Debian's packages, reached through an ADBC driver for ODBC from PyPI.
# Sourced by .ci/engines. The packages are unpacked and not installed: no service of the system is made or touched.
# shellcheck shell=bash disable=SC2154

packages=('mariadb-server-core=1:10.11.*' 'mariadb-client=1:10.11.*' 'libmariadb3=1:10.11.*' odbc-mariadb libodbc2
    libodbcinst2 libltdl7 libaio1 libnuma1 liburing2 tzdata)
root=$engines/mariadb/debian # lies in the environment, so that it goes when that is made anew
libraries=$root/usr/lib/x86_64-linux-gnu
log=$engines/logs/mariadb-debian.log

bring() {
    local begun=$SECONDS
    virtual_environment mariadb
    if [[ ! -d "$root" ]]; then
        say "fetching mariadb from Debian"
        rm -rf "$root.new"
        unpack "$root.new"
        mv "$root.new" "$root"
        say "fetched mariadb in $((SECONDS - begun)) s"
    fi
    # The driver finds the packages' libraries, and they each other, without help of the environment.
    local patch=$engines/mariadb/bin/patchelf found
    found=$(find "$engines/mariadb/lib" -name libadbc_driver_odbc.so -print -quit)
    [[ "$("$patch" --print-rpath "$found")" == "$libraries" ]] || "$patch" --set-rpath "$libraries" "$found"
    driver mariadb 'lib/*/adbcbridge/libadbc_driver_odbc.so' libadbc_driver_odbc.so
    [[ -d "$engines/mariadb/data" ]] || prepare_data
}

unpack() {
    local file patch=$engines/mariadb/bin/patchelf
    mkdir -p "$1/debs"
    [[ $EUID -ne 0 ]] || apt-get update >"$log" 2>&1 || true # else the lists as they are
    (cd "$1/debs" && apt-get download "${packages[@]}" >>"$log" 2>&1) ||
        fail "cannot fetch MariaDB 10.11 and its ODBC driver, which Debian 12 has; see $log (the lists may be old: apt-get update)"
    for file in "$1"/debs/*.deb; do dpkg-deb --extract "$file" "$1"; done
    rm -r "$1/debs"
    # shellcheck disable=SC2016  # for the loader to expand
    for file in "$1"/usr/lib/x86_64-linux-gnu/lib{odbc,odbcinst}.so.?; do "$patch" --set-rpath '$ORIGIN' "$(realpath "$file")"; done
    # shellcheck disable=SC2016
    "$patch" --set-rpath '$ORIGIN/..' "$1/usr/lib/x86_64-linux-gnu/odbc/libmaodbc.so"
}

# server FOLDER DATA OPTION...: leaves in `command` how the server that lies in a folder is run.
server() {
    command=(env "LD_LIBRARY_PATH=$1/usr/lib/x86_64-linux-gnu" "$1/usr/sbin/mariadbd" --no-defaults --basedir="$1/usr"
        --lc-messages-dir="$1/usr/share/mysql" --datadir="$2" --innodb-log-file-size=16M "${@:3}")
}

# An empty server with the rules of time zones, to be copied at each start.
prepare_data() {
    local data=$engines/mariadb/data command
    rm -rf "$data.new"
    mkdir "$data.new"
    server "$root" "$data.new" --user="$(id -un)" --bootstrap --skip-networking
    {
        printf 'create database mysql;\nuse mysql;\n'
        cat "$root"/usr/share/mysql/mysql_{system_tables,performance_tables,system_tables_data}.sql
        env LD_LIBRARY_PATH="$libraries" "$root/usr/bin/mariadb-tzinfo-to-sql" "$root/usr/share/zoneinfo" 2>/dev/null
    } | "${command[@]}" >>"$log" 2>&1 || fail "MariaDB makes no empty server; see $log"
    mv "$data.new" "$data"
}

start() {
    local folder=$run/mariadb port password command
    mkdir -p "$folder/usr"
    copy "$root/usr/sbin" "$root/usr/lib" "$root/usr/share" "$folder/usr/"
    copy "$engines/mariadb/data" "$folder/data"
    port=$(free_port)
    password=$(secret)
    (umask 077 && cat >"$folder/init.sql") <<SQL
create database etalon character set utf8mb4;
create user etalon@'127.0.0.1' identified by '$password';
grant all on *.* to etalon@'127.0.0.1';
SQL
    [[ $EUID -ne 0 ]] || chown -R nobody "$folder"
    # Character set and collation as Debian's own configuration has them.
    server "$folder" "$folder/data" --init-file="$folder/init.sql" --socket="$folder/socket" --bind-address=127.0.0.1 \
        --port="$port" --default-time-zone=+00:00 --character-set-server=utf8mb4 --collation-server=utf8mb4_general_ci \
        --skip-name-resolve --innodb-flush-log-at-trx-commit=0
    launch TERM "${unprivileged[@]}" "${command[@]}"
    ready 60 listens "$port"
    give ETALON_MARIADB "Driver=$libraries/odbc/libmaodbc.so;Server=127.0.0.1;Port=$port;User=etalon;Password=$password;Database=etalon;Charset=utf8mb4"
}
